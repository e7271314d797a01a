package io.millrace.example.toll;

import io.millrace.example.toll.Happening.Entry;
import io.millrace.example.toll.Happening.Exit;
import io.millrace.example.toll.Happening.Registration;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// Makes cars up, by a seed: the same seed and start give the same happenings. One thread.
final class Road {
    private static final int BOOTHS = 3;
    private static final int PLATES = 300;
    private static final int EXPIRED_ONE_IN = 8;
    private static final int PAUSE_MILLIS_MAX = 4_000;
    private static final int STAY_SECONDS_MIN = 20;
    private static final int STAY_SECONDS_MAX = 600;
    private static final List<String> CARS =
            List.of("Honda CRV", "Toyota Camry", "Ford Focus", "Volvo V70", "Peterbilt 389");

    private final SplittableRandom random;
    private final Instant start;
    private final PriorityQueue<Exit> inside =
            new PriorityQueue<>(Comparator.comparing(Exit::time));
    private final Map<String, Instant> free = new HashMap<>();
    private Instant next;

    Road(long seed, Instant start) {
        random = new SplittableRandom(seed);
        this.start = start;
        next = start;
    }

    /// What is registered when it begins.
    List<Registration> registrations() {
        List<Registration> registrations = new ArrayList<>();
        for (int i = 0; i < PLATES; i++) {
            boolean expired = i % EXPIRED_ONE_IN == 0;
            registrations.add(new Registration(100_000L + i, plate(i), expired, start));
        }
        return registrations;
    }

    private static String plate(int number) {
        return "MIL %04d".formatted(number);
    }

    /// The next happening, not earlier than the one before.
    Happening next() {
        Exit leaving = inside.peek();
        if (leaving != null && !leaving.time().isAfter(next)) {
            inside.remove();
            return leaving;
        }
        Entry entry = entry(next);
        int seconds = random.nextInt(STAY_SECONDS_MIN, STAY_SECONDS_MAX);
        Exit exit = new Exit(entry.booth(), entry.plate(), next.plusSeconds(seconds));
        inside.add(exit);
        free.put(entry.plate(), exit.time());
        next = next.plusMillis(1 + random.nextInt(PAUSE_MILLIS_MAX));
        return entry;
    }

    private Entry entry(Instant time) {
        String plate = plate(random.nextInt(PLATES));
        while (free.getOrDefault(plate, Instant.MIN).plus(Duration.ofSeconds(1)).isAfter(time)) {
            plate = plate(random.nextInt(PLATES));
        }
        String[] car = CARS.get(random.nextInt(CARS.size())).split(" ", 2);
        BigDecimal toll = BigDecimal.valueOf(random.nextInt(400, 1600), 2);
        return new Entry(1 + random.nextInt(BOOTHS), plate, car[0], car[1], toll, time);
    }
}

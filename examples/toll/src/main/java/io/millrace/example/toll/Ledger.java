package io.millrace.example.toll;

import io.millrace.example.toll.Happening.Entry;
import io.millrace.example.toll.Happening.Exit;
import io.millrace.example.toll.Happening.Registration;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the three views have to hold after some happenings, computed in plain Java: for each key
/// the text of what matters.
///
/// @param booths cars and toll by booth and end of a window, as far as windows are over
/// @param passages seconds by entry
/// @param expired registrations by entry
record Ledger(
        Map<String, String> booths, Map<String, String> passages, Map<String, String> expired) {
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final Duration INSIDE_MAX = Duration.ofMinutes(30);
    private static final Duration DELAY = Duration.ofSeconds(1);

    /// What a window has summed up.
    private record Sum(int cars, BigDecimal toll) {
        Sum and(Sum other) {
            return new Sum(cars + other.cars, toll.add(other.toll));
        }

        String text() {
            return cars + " cars, " + toll.stripTrailingZeros().toPlainString();
        }
    }

    static Ledger of(List<Happening> happenings) {
        List<Entry> entries = new ArrayList<>();
        List<Exit> exits = new ArrayList<>();
        Map<String, Registration> registered = new HashMap<>();
        for (Happening each : happenings) {
            switch (each) {
                case Entry entry -> entries.add(entry);
                case Exit exit -> exits.add(exit);
                case Registration registration ->
                        registered.put(registration.plate(), registration);
            }
        }
        Map<String, String> expired = new TreeMap<>();
        Map<String, String> passages = new TreeMap<>();
        for (Entry entry : entries) {
            Registration registration = registered.get(entry.plate());
            if (registration != null && registration.expired()) {
                expired.put(entry.id(), Long.toString(registration.number()));
            }
            stay(entry, exits)
                    .ifPresent(stay -> passages.put(entry.id(), Long.toString(stay.toSeconds())));
        }
        return new Ledger(booths(entries), passages, expired);
    }

    private static Optional<Duration> stay(Entry entry, List<Exit> exits) {
        return exits.stream()
                .filter(exit -> exit.plate().equals(entry.plate()))
                .filter(exit -> exit.booth() == entry.booth())
                .map(exit -> Duration.between(entry.time(), exit.time()))
                .filter(stay -> !stay.isNegative() && stay.compareTo(INSIDE_MAX) <= 0)
                .min(Duration::compareTo);
    }

    private static Map<String, String> booths(List<Entry> entries) {
        Map<String, Sum> sums = new TreeMap<>();
        Instant last = entries.isEmpty() ? Instant.MIN : entries.getLast().time();
        for (Entry entry : entries) {
            Instant end = end(entry.time());
            if (!end.plus(DELAY).isAfter(last)) {
                sums.merge(entry.booth() + "/" + text(end), new Sum(1, entry.toll()), Sum::and);
            }
        }
        Map<String, String> booths = new TreeMap<>();
        sums.forEach((key, sum) -> booths.put(key, sum.text()));
        return booths;
    }

    private static Instant end(Instant time) {
        long window = WINDOW.toSeconds();
        return Instant.ofEpochSecond((Math.floorDiv(time.getEpochSecond(), window) + 1) * window);
    }

    /// As Millrace writes the bounds of windows.
    private static String text(Instant end) {
        return LocalDateTime.ofInstant(end, ZoneOffset.UTC)
                .format(DateTimeFormatter.ISO_LOCAL_DATE_TIME);
    }

    /// What a row of the view `booths` says.
    static String booth(Map<String, Object> row) {
        int cars = Integer.parseInt(Json.textIn(row, "cars"));
        return new Sum(cars, new BigDecimal(Json.textIn(row, "toll"))).text();
    }

    /// Says what is missing or other in a view, or should not be there; empty if nothing is.
    ///
    /// @param open whether there may be more, as of windows that were not over
    static List<String> differences(
            String view, Map<String, String> expected, Map<String, String> found, boolean open) {
        List<String> wrong = new ArrayList<>();
        expected.forEach((key, value) -> {
            if (!value.equals(found.get(key))) {
                wrong.add("%s: %s is %s instead of %s".formatted(view, key, found.get(key), value));
            }
        });
        if (!open) {
            found.keySet().stream()
                    .filter(key -> !expected.containsKey(key))
                    .forEach(key -> wrong.add("%s: %s should not be there".formatted(view, key)));
        }
        return wrong;
    }
}

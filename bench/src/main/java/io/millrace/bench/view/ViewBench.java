package io.millrace.bench.view;

import io.millrace.event.Bytes;
import io.millrace.io.Clock;
import io.millrace.view.MvViewStore;
import io.millrace.view.ViewChange;
import io.millrace.view.ViewEntry;
import io.millrace.view.ViewLimits;
import io.millrace.view.ViewTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Reads of random keys a second, by one thread, while another updates 20,000 random keys a second
/// and commits every second. Arguments: keys (100,000), seconds (10).
public final class ViewBench {
    private static final int UPDATES = 20_000;
    private static final int BATCHES = 100;
    private static final String FILLING = "x".repeat(200);

    private ViewBench() {}

    private static ViewChange row(int key, long number) {
        String json = "{\"n\":%d,\"text\":\"%s\"}".formatted(number, FILLING);
        return ViewChange.put(
                new ViewEntry("key-%08d".formatted(key), Bytes.utf8(json), number, null));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int keys = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        Path folder = Files.createTempDirectory("view-bench");
        try (ViewTable table =
                new ViewTable(
                        MvViewStore.open(folder.resolve("1.view")),
                        Clock.system(),
                        ViewLimits.DEFAULT)) {
            for (int i = 0; i < keys; i++) {
                table.apply(List.of(row(i, 0)), Map.of());
            }
            table.commit();
            measure(table, keys, seconds);
            System.out.printf("file: %,d MB%n", table.bytes() >> 20);
        }
    }

    private static void measure(ViewTable table, int keys, int seconds)
            throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong updates = new AtomicLong();
        Thread writer = Thread.ofPlatform().start(() -> write(table, keys, done, updates));
        long begun = System.nanoTime();
        long end = begun + seconds * 1_000_000_000L;
        SplittableRandom random = new SplittableRandom(1);
        long reads = 0;
        long slowest = 0;
        for (long now = begun; now < end; reads++) {
            if (table.get("key-%08d".formatted(random.nextInt(keys))) == null) {
                throw new IllegalStateException("a key is missing");
            }
            long then = System.nanoTime();
            slowest = Math.max(slowest, then - now);
            now = then;
        }
        done.set(true);
        writer.join();
        System.out.printf(
                "%,d keys: %,d reads/s, %,d updates/s, slowest read %,d us%n",
                keys, reads / seconds, updates.get() / seconds, slowest / 1_000);
    }

    private static void write(ViewTable table, int keys, AtomicBoolean done, AtomicLong updates) {
        SplittableRandom random = new SplittableRandom(2);
        long begun = System.nanoTime();
        for (long batch = 1; !done.get(); batch++) {
            List<ViewChange> changes = new ArrayList<>();
            for (int i = 0; i < UPDATES / BATCHES; i++) {
                changes.add(row(random.nextInt(keys), updates.incrementAndGet()));
            }
            table.apply(changes, Map.of("events.1/0", updates.get()));
            if (batch % BATCHES == 0) {
                table.commit();
            }
            while (System.nanoTime() < begun + batch * 1_000_000_000L / BATCHES && !done.get()) {
                LockSupport.parkNanos(200_000);
            }
        }
    }
}

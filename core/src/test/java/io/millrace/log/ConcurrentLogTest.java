package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Clock;
import io.millrace.io.FileDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One thread appends and cleans, one flushes, some read: readers see every record whole, in order,
/// and none above what is flushed.
final class ConcurrentLogTest {
    private static final int BATCHES = 20_000;
    private static final int BATCH = 5;

    private static final LogConfig ROLLING =
            new LogConfig(
                    Durability.SYNCED,
                    20_000,
                    Duration.ofHours(1),
                    null,
                    200_000L,
                    false,
                    Duration.ofDays(1));

    @TempDir Path folder;

    @Test
    void readersBesideTheWritersSeeWholeRecordsInOrder() throws Exception {
        Log log = new FileLogs(new FileDisk(), Clock.system(), 4).open(folder, ROLLING).log();
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> all = new ArrayList<>();
            all.add(threads.submit(() -> append(log, done)));
            all.add(
                    threads.submit(() -> {
                        while (!done.get()) {
                            log.flush();
                        }
                        log.flush();
                    }));
            List<Future<Long>> readers = new ArrayList<>();
            readers.add(threads.submit(() -> follow(log)));
            readers.add(threads.submit(() -> follow(log)));
            for (Future<?> each : all) {
                each.get();
            }
            for (Future<Long> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        }
        log.close();
    }

    private static void append(Log log, AtomicBoolean done) {
        try {
            for (int i = 0; i < BATCHES; i++) {
                List<RecordBody> bodies = new ArrayList<>();
                for (int k = 0; k < BATCH; k++) {
                    bodies.add(Bodies.of(null, "value " + (i * BATCH + k)));
                }
                log.append(bodies, i);
                if (i % 500 == 0) {
                    log.clean(i);
                }
            }
        } finally {
            done.set(true);
        }
    }

    private static long follow(Log log) {
        long offset = 0;
        long[] seen = {0};
        while (offset < (long) BATCHES * BATCH) {
            try {
                LogSlice slice = log.read(offset, 8000);
                slice.forEach(record -> {
                    seen[0]++;
                    assertThat(Objects.requireNonNull(record.value()).toUtf8())
                            .isEqualTo("value " + record.offset());
                });
                assertThat(slice.nextOffset()).isLessThanOrEqualTo(log.readableOffset());
                offset = slice.nextOffset();
            } catch (MillraceException e) {
                // Retention was faster than this reader.
                assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
                offset = log.startOffset();
            }
        }
        return seen[0];
    }
}

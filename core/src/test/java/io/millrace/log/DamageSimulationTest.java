package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.segment.SegmentFiles;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

/// A crash that tears what was not flushed, and a medium that at the same time damages a byte of
/// what was: nothing acknowledged may be cut off as if it had been torn, if a later batch on the
/// disk bears witness to it.
///
/// `-Dlog.damage.from=SEED -Dlog.damage.seeds=1` runs one seed alone.
final class DamageSimulationTest {
    private static final Path FOLDER = Path.of("/data/0");
    private static final LogConfig CONFIG =
            new LogConfig(
                    Durability.SYNCED, 3000, Duration.ofDays(1), null, null, false, Duration.ZERO);

    /// A batch as it was appended.
    ///
    /// @param file the segment it lies in, and where
    /// @param claimed up to which offset it certainly vouches for
    private record Appended(long base, long end, long file, int position, int size, long claimed) {}

    @Test
    void damageIsNotTakenForATornTail() {
        long from = Long.getLong("log.damage.from", 0);
        long seeds = Long.getLong("log.damage.seeds", 1500);
        int reported = 0;
        for (long seed = from; seed < from + seeds; seed++) {
            try {
                reported += run(seed) ? 1 : 0;
            } catch (AssertionError | RuntimeException | IOException e) {
                fail("seed %d: -Dlog.damage.from=%d -Dlog.damage.seeds=1".formatted(seed, seed), e);
            }
        }
        // Most of all bytes have a later witness.
        assertThat(reported).isGreaterThan((int) (seeds * 2 / 3));
    }

    private static boolean run(long seed) throws IOException {
        Random random = new Random(seed);
        SimulatedDisk disk = new SimulatedDisk(new Random(seed + 1));
        FileLogs logs = new FileLogs(disk, new SimulatedClock());
        Log log = logs.open(FOLDER, CONFIG).log();
        List<Appended> appended = new ArrayList<>();
        int rounds = 5 + random.nextInt(40);
        for (int i = 0; i < rounds; i++) {
            appended.add(append(log, random, appended));
            if (random.nextInt(3) > 0) {
                log.flush();
            }
        }
        long durable = log.storedOffset();
        disk.crash();
        List<Appended> there = appended.stream().filter(a -> a.end() <= durable).toList();
        if (there.isEmpty()) {
            return false;
        }
        Appended hit = there.get(random.nextInt(there.size()));
        Path file = SegmentFiles.path(FOLDER, hit.file(), SegmentFiles.LOG);
        int position = hit.position() + random.nextInt(61);
        disk.damage(file, position, 1 << random.nextInt(8));

        FileLogs.Opened opened = logs.open(FOLDER, CONFIG);
        Set<Long> corrupt = new TreeSet<>();
        Set<Long> readable = readable(opened.log(), corrupt);
        long vouched =
                there.stream()
                        .filter(a -> a.base() != hit.base())
                        .mapToLong(Appended::claimed)
                        .max()
                        .orElse(0);
        for (long offset = 0; offset < durable; offset++) {
            if (!readable.contains(offset)) {
                assertLost(opened, corrupt.contains(offset), offset, hit, vouched);
            }
        }
        opened.log().close();
        return !corrupt.isEmpty();
    }

    private static void assertLost(
            FileLogs.Opened opened, boolean isReported, long offset, Appended hit, long vouched) {
        if (isReported) {
            assertThat(offset).as("lost").isBetween(hit.base(), hit.end() - 1);
        } else {
            assertThat(opened.report().cuts()).as("cut, at offset %d", offset).isNotEmpty();
            assertThat(hit.base())
                    .as("nobody vouches for what was cut")
                    .isGreaterThanOrEqualTo(vouched);
        }
    }

    private static Appended append(Log log, Random random, List<Appended> before) {
        int count = 1 + random.nextInt(5);
        List<SimpleRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(Produced.record(i, null, "x".repeat(random.nextInt(100))));
        }
        long distance = log.endOffset() - log.storedOffset();
        Produced.By by = Produced.By.idempotent(random.nextInt(3) - 1, random.nextInt(9));
        CompressionType type = CompressionType.forId(random.nextInt(5));
        ProducedBatch batch = Produced.batch(type, by, records);
        long base = log.append(batch);
        long file = before.isEmpty() ? 0 : before.getLast().file();
        int position = before.isEmpty() ? 0 : before.getLast().position() + before.getLast().size();
        if (position + batch.size() > CONFIG.segmentBytes()) {
            file = base;
            position = 0;
        }
        long claimed = base - distance - distance / 8;
        return new Appended(base, base + count, file, position, batch.size(), claimed);
    }

    /// @param corrupt gets the offsets whose reading is refused
    private static Set<Long> readable(Log log, Set<Long> corrupt) {
        Set<Long> offsets = new TreeSet<>();
        long offset = log.startOffset();
        while (offset < log.readableOffset()) {
            try {
                LogSlice slice = log.read(offset, 500);
                slice.forEach(record -> offsets.add(record.offset()));
                offset = slice.nextOffset();
            } catch (MillraceException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_CORRUPT);
                long next = log.nextIntactOffset(offset);
                while (offset < next) {
                    corrupt.add(offset++);
                }
            }
        }
        return offsets;
    }
}

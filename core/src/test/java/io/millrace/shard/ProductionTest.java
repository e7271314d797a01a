package io.millrace.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.io.Wakeup;
import io.millrace.log.Durability;
import io.millrace.log.FileLogs;
import io.millrace.log.Log;
import io.millrace.log.LogConfig;
import io.millrace.log.Produced;
import io.millrace.log.ProducedBatch;
import io.millrace.producer.Producers;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Producers' batches that come together: they are written at once, and judged and answered as if
/// each had come alone.
final class ProductionTest {
    private final SimulatedClock clock = new SimulatedClock();
    private final SimulatedDisk disk = new SimulatedDisk(new Random(1));
    private final List<String> told = new ArrayList<>();
    private final List<Runnable> lent = new ArrayList<>();
    private final Shard shard =
            new Shard(
                    "shard",
                    clock,
                    List.of(new Flusher("flusher")),
                    append -> {},
                    ShardConfig.DEFAULT);
    private Log log;
    private Partition partition;

    @BeforeEach
    void open() throws IOException {
        LogConfig usual = LogConfig.DEFAULT;
        LogConfig config =
                new LogConfig(
                        Durability.BUFFERED,
                        2048,
                        Duration.ofDays(1),
                        usual.retentionAge(),
                        usual.retentionBytes(),
                        false,
                        usual.tombstoneRetention());
        log = new FileLogs(disk, clock).open(Path.of("/data/0"), config).log();
        partition =
                Partition.ofProducers(
                        new StreamId("s", 1),
                        0,
                        log,
                        Durability.BUFFERED,
                        new ReadSignal(),
                        Context.ROOT,
                        new Producers());
    }

    private final class Told implements Append.Reply {
        private final String name;

        Told(String name) {
            this.name = name;
        }

        @Override
        public boolean lend(Runnable write) {
            lent.add(write);
            return true;
        }

        @Override
        public void stored(Append append, long baseOffset) {
            told.add(name + " at " + baseOffset);
        }

        @Override
        public void failed(Append append, MillraceException problem) {
            told.add(name + " " + problem.code());
        }
    }

    private void produce(String name, Produced.By by) {
        produce(name, by, 1);
    }

    /// @param records of the batch
    private void produce(String name, Produced.By by, int records) {
        var all =
                java.util.stream.IntStream.range(0, records)
                        .mapToObj(i -> Produced.record(i, null, name))
                        .toList();
        ProducedBatch batch = Produced.batch(CompressionType.NONE, by, all);
        Append append = Append.ofBatch(partition, batch, List.of(), new Told(name));
        assertThat(shard.offer(append)).isTrue();
    }

    private static Produced.By by(int producer, int sequence) {
        return Produced.By.idempotent(producer, sequence);
    }

    @Test
    void whatComesTogetherIsWrittenAtOnce() {
        produce("a", by(1, 0), 2);
        produce("b", Produced.By.ANYONE);
        produce("c", by(1, 2), 3);
        disk.failNext(SimulatedDisk.Call.WRITE, 1);
        shard.doWork();
        assertThat(told).containsExactly("a at 0", "b at 2", "c at 3");
        assertThat(log.endOffset()).isEqualTo(6);
        assertThat(log.readableOffset()).isEqualTo(6);
    }

    @Test
    void whatCannotBeWrittenHasNotHappened() {
        produce("first", by(1, 0));
        shard.doWork();
        told.clear();
        produce("a", by(1, 1));
        produce("b", by(2, 0));
        produce("c", by(1, 2));
        disk.full(true);
        shard.doWork();
        assertThat(told).containsExactly("a DISK_FULL", "b DISK_FULL", "c DISK_FULL");
        assertThat(log.endOffset()).isEqualTo(1);
        told.clear();
        disk.full(false);
        produce("c", by(1, 2));
        shard.doWork();
        produce("a", by(1, 1));
        produce("b", by(2, 0));
        produce("c", by(1, 2));
        shard.doWork();
        assertThat(told).containsExactly("c SEQUENCE_INVALID", "a at 1", "b at 2", "c at 3");
    }

    @Test
    void aBatchThatIsWrongOrKnownDoesNotHoldUpItsNeighbours() {
        produce("a", by(1, 0));
        produce("gap", by(1, 5));
        produce("b", by(1, 1));
        produce("again", by(1, 1));
        produce("c", by(1, 2));
        shard.doWork();
        assertThat(told)
                .containsExactly(
                        "a at 0", "gap SEQUENCE_INVALID", "b at 1", "again at 1", "c at 2");
    }

    @Test
    void aBatchIsNotKnownIfWhatItRepeatsCouldNotBeWritten() {
        produce("a", by(1, 0));
        produce("again", by(1, 0));
        disk.failNext(SimulatedDisk.Call.WRITE, 0);
        shard.doWork();
        assertThat(told.getFirst()).startsWith("a ").doesNotContain(" at ");
        assertThat(told.getLast()).isEqualTo("again at 0");
        assertThat(log.endOffset()).isEqualTo(1);
    }

    @Test
    void segmentsKeepTheirSize() {
        for (int i = 0; i < 20; i++) {
            produce("p" + i, by(1, 7 * i), 7);
        }
        shard.doWork();
        assertThat(told).hasSize(20).last().isEqualTo("p19 at 133");
        long largest =
                disk.list(Path.of("/data/0")).stream()
                        .filter(name -> name.endsWith(".log"))
                        .mapToLong(name -> size(Path.of("/data/0", name)))
                        .max()
                        .orElseThrow();
        assertThat(largest).isGreaterThan(1024).isLessThanOrEqualTo(2048);
    }

    private long size(Path file) {
        try {
            return disk.size(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theFirstPartIsStoredIfTheDiskFillsUpBetweenTwoWrites() {
        for (int i = 0; i < 20; i++) {
            produce("p" + i, by(1, 7 * i), 7);
        }
        disk.failNext(SimulatedDisk.Call.WRITE, 1);
        shard.doWork();
        long stored = told.stream().filter(each -> each.contains(" at ")).count();
        assertThat(stored).isBetween(2L, 19L);
        assertThat(log.endOffset()).isEqualTo(7 * stored);
        told.clear();
        disk.failNothing();
        produce("next", by(1, (int) (7 * stored)), 7);
        shard.doWork();
        assertThat(told).containsExactly("next at " + 7 * stored);
    }

    /// Whoever brings batches says when they are written; nobody else is woken for them.
    @Test
    void writingWaitsForWhoLendsItsThread() {
        List<String> calls = new ArrayList<>();
        shard.wakeup(
                new Wakeup() {
                    @Override
                    public void wake() {
                        calls.add("wake");
                    }

                    @Override
                    public void workHere() {
                        calls.add("work");
                        shard.doWork();
                    }
                });
        produce("a", by(1, 0));
        produce("b", by(1, 1));
        assertThat(calls).isEmpty();
        lent.forEach(Runnable::run);
        assertThat(calls).containsExactly("work");
        assertThat(told).containsExactly("a at 0", "b at 1");
    }
}

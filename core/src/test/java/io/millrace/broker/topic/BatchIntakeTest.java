package io.millrace.broker.topic;

import static io.millrace.log.Produced.batch;
import static io.millrace.log.Produced.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.ReadRequest;
import io.millrace.broker.Topics;
import io.millrace.error.MillraceException;
import io.millrace.log.BatchCheck;
import io.millrace.log.Produced.By;
import io.millrace.log.ProducedBatch;
import io.millrace.router.TailConfig;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.shard.ShardConfig;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import io.millrace.simulator.SimulatedThreads;
import io.millrace.stream.Start;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Batches that take long to check hold up only what has to come behind them.
final class BatchIntakeTest {
    private static final String LARGE =
            IntStream.range(0, 20_000).mapToObj(Integer::toString).collect(Collectors.joining());

    private final Random random = new Random(1);
    private final SimulatedClock clock = new SimulatedClock();
    private final SimulatedThreads threads = new SimulatedThreads(random, clock, () -> {});
    private final List<String> told = new ArrayList<>();
    private Broker broker;

    @BeforeEach
    void open() throws IOException {
        BrokerConfig config =
                new BrokerConfig(
                        1, ShardConfig.DEFAULT, new TailConfig(64, 1 << 20, 8), 1 << 18, 9);
        broker =
                new Broker(
                        Path.of("/data"),
                        config,
                        new OpenGuard(),
                        new Broker.Ground(new SimulatedDisk(random), clock, threads));
        broker.topics()
                .create(
                        Principal.LOCAL,
                        new Topics.NewTopic("t", 1, Map.of("retention.ms", "-1")),
                        false);
    }

    private final class Told implements Topics.Reply {
        private final String name;

        Told(String name) {
            this.name = name;
        }

        @Override
        public void stored(long baseOffset, long startOffset) {
            told.add(name + "@" + baseOffset);
        }

        @Override
        public void failed(MillraceException problem) {
            told.add(name + " " + problem.code());
        }
    }

    private void append(String name, ProducedBatch batch) {
        broker.topics().append(Principal.LOCAL, "t", 0, batch, new Told(name));
    }

    private static ProducedBatch large(By by) {
        ProducedBatch batch = batch(CompressionType.ZSTD, by, List.of(record(1, "k", LARGE)));
        assertThat(BatchCheck.mayTakeLong(batch)).isTrue();
        return batch;
    }

    private static ProducedBatch small(By by) {
        return batch(CompressionType.LZ4, by, List.of(record(1, "k", "s")));
    }

    @Test
    void aLongCheckHoldsUpOnlyItsOwnProducer() {
        append("large", large(By.idempotent(7, 0)));
        append("behind", small(By.idempotent(7, 1)));
        append("other", small(By.idempotent(8, 0)));
        threads.drain();
        assertThat(told).containsExactly("other@0");
        threads.tick();
        append("after", small(By.idempotent(7, 2)));
        threads.drain();
        assertThat(told).containsExactly("other@0", "large@1", "behind@2", "after@3");
    }

    @Test
    void aTransactionEndsBehindItsBatches() throws Exception {
        append("large", large(By.transaction(7, 0)));
        append("small", small(By.transaction(7, 1)));
        broker.topics()
                .mark("t", 0, new Topics.TransactionMarker(7, (short) 0, 0, true), new Told("end"));
        threads.drain();
        assertThat(told).isEmpty();
        threads.tick();
        threads.drain();
        assertThat(told).containsExactly("large@0", "small@1", "end@2");
        ReadRequest all = new ReadRequest("t", 0, new Start.First(), 10, Duration.ZERO, null);
        assertThat(broker.read(Principal.LOCAL, all).events())
                .extracting(TopicGround::text)
                .containsExactly(LARGE, "s");
    }

    @Test
    void whatIsWrongWithALargeBatchIsTold() {
        ProducedBatch damaged = large(By.idempotent(7, 0));
        damaged.bytes()[damaged.size() - 1] ^= 1;
        append("damaged", damaged);
        append("behind", small(By.idempotent(7, 0)));
        threads.tick();
        append("short", new ProducedBatch(new byte[20], 0));
        threads.drain();
        assertThat(told)
                .containsExactly("damaged BATCH_CORRUPT", "short BATCH_CORRUPT", "behind@0");
    }

    @Test
    void aBrokerThatIsClosedTakesNothingThatWaited() {
        append("large", large(By.idempotent(7, 0)));
        broker.close();
        threads.tick();
        append("late", small(By.idempotent(8, 0)));
        assertThat(told).containsExactly("late SHUTTING_DOWN");
    }
}

package io.millrace.broker.topic;

import static io.millrace.log.Produced.batch;
import static io.millrace.log.Produced.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.Topics;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.log.Durability;
import io.millrace.log.Produced.By;
import io.millrace.router.TailConfig;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.shard.ShardConfig;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import io.millrace.simulator.SimulatedThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// When a broker forgets producers.
final class ProducerExpiryTest {
    private static final Duration EXPIRY = Duration.ofMinutes(10);

    private final Random random = new Random(1);
    private final SimulatedClock clock = new SimulatedClock();
    private final SimulatedDisk disk = new SimulatedDisk(random);
    private SimulatedThreads threads;
    private Broker broker;
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        open();
        broker.topics()
                .create(
                        Principal.LOCAL,
                        new Topics.NewTopic("t", 1, Map.of("retention.ms", "-1")),
                        false);
    }

    private void open() throws IOException {
        threads = new SimulatedThreads(random, clock, () -> {});
        TopicSettings topics =
                new TopicSettings(Context.of("/topics"), 1, Durability.SYNCED, EXPIRY);
        BrokerConfig config =
                new BrokerConfig(1, ShardConfig.DEFAULT, new TailConfig(64, 1 << 20, 8), 1 << 16, 9)
                        .with(topics);
        broker =
                new Broker(
                        Path.of("/data"),
                        config,
                        new OpenGuard(),
                        new Broker.Ground(disk, clock, threads));
    }

    private final class Told implements Topics.Reply {
        @Override
        public void stored(long baseOffset, long startOffset) {
            told.add("@" + baseOffset);
        }

        @Override
        public void failed(MillraceException problem) {
            told.add(problem.code().name());
        }
    }

    private void append(By by) {
        broker.topics()
                .append(
                        Principal.LOCAL,
                        "t",
                        0,
                        batch(CompressionType.NONE, by, List.of(record(1, "k", "v"))),
                        new Told());
        threads.drain();
    }

    private void commit(long producer) {
        Topics.TransactionMarker end = new Topics.TransactionMarker(producer, (short) 0, 0, true);
        broker.topics().mark("t", 0, end, new Told());
        threads.drain();
    }

    private void pass(Duration time) {
        clock.advance(time.toMillis());
        assertThat(threads.tick()).contains("keep-producers");
        threads.drain();
    }

    private List<Long> producers() {
        return broker.topics().producers(Principal.LOCAL, "t", 0).stream()
                .map(Topics.Producer::id)
                .toList();
    }

    @Test
    void whoDoesNothingIsForgottenUnlessATransactionIsOpen() throws Exception {
        append(By.idempotent(7, 0));
        append(By.idempotent(8, 0));
        append(By.transaction(9, 0));
        pass(Duration.ofMinutes(6));
        append(By.idempotent(7, 1));
        assertThat(producers()).containsExactly(7L, 8L, 9L);
        pass(Duration.ofMinutes(6));
        assertThat(producers()).containsExactly(7L, 9L);
        pass(Duration.ofMinutes(6));
        assertThat(producers()).containsExactly(9L);
        broker.close();
        open();
        assertThat(producers()).containsExactly(9L);
        append(By.transaction(9, 1));
        commit(9);
        append(By.transaction(9, 2));
        commit(9);
        pass(EXPIRY.plusMinutes(1));
        assertThat(producers()).isEmpty();
        append(By.idempotent(7, 55));
        append(By.idempotent(7, 77));
        assertThat(told)
                .containsExactly(
                        "@0", "@1", "@2", "@3", "@4", "@5", "@6", "@7", "@8", "SEQUENCE_INVALID");
    }

    @Test
    void whoWasForgottenIsNotKnownAgainAfterACrash() throws Exception {
        append(By.idempotent(7, 0));
        pass(EXPIRY.plusMinutes(1));
        append(By.idempotent(8, 0));
        assertThat(producers()).containsExactly(8L);
        disk.crash();
        open();
        assertThat(producers()).containsExactly(8L);
    }
}

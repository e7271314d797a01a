package io.millrace.broker.topic;

import static io.millrace.log.Produced.batch;
import static io.millrace.log.Produced.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Broker;
import io.millrace.broker.BrokerConfig;
import io.millrace.broker.ReadRequest;
import io.millrace.broker.Topics;
import io.millrace.error.MillraceException;
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
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.record.internal.CompressionType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two producers that send again what was not answered, on a machine that crashes at any moment:
/// whatever was answered is there once, and transactions are whole or not there.
@Timeout(300)
final class ProducerCrashTest {
    private static final int LIVES = 40;
    private static final int STEPS = 60;
    private static final String NEVER = Long.toString(Long.MAX_VALUE);

    @Test
    void everythingIsThereOnceAndTransactionsAreWhole() throws Exception {
        long seed = new Random().nextLong();
        for (int life = 0; life < LIVES; life++) {
            try {
                new Life(new Random(seed + life)).run();
            } catch (AssertionError | MillraceException e) {
                throw new AssertionError("seed %d, life %d".formatted(seed, life), e);
            }
        }
    }

    /// One that sends the next thing when the last has been answered, until it is.
    private static final class Sender {
        final long id;
        int sequence;
        int sent;
        boolean isOpen;

        /// How many records were committed after each transaction.
        final Set<Integer> committed = new HashSet<>(Set.of(0));

        final List<String> underway = new ArrayList<>();
        final List<String> done = new ArrayList<>();

        /// What is to be answered.
        @Nullable String batch;

        @Nullable Boolean commit;

        Sender(long id) {
            this.id = id;
        }

        void answered() {
            String value = batch;
            Boolean end = commit;
            if (value != null) {
                sequence++;
                (isOpen ? underway : done).add(value);
                batch = null;
            } else if (end != null) {
                if (end) {
                    done.addAll(underway);
                    committed.add(done.size());
                }
                underway.clear();
                isOpen = false;
                commit = null;
            }
        }
    }

    private static final class Life {
        private final Random random;

        /// Whether what is answered need not have survived the machine.
        private final boolean isBuffered;

        private final SimulatedDisk disk;
        private final SimulatedClock clock = new SimulatedClock();
        private final List<Sender> senders = List.of(new Sender(1), new Sender(2));
        private SimulatedThreads threads;
        private Broker broker;

        Life(Random random) throws IOException {
            this.random = random;
            this.isBuffered = random.nextBoolean();
            this.disk = new SimulatedDisk(random);
            this.threads = new SimulatedThreads(random, clock, () -> {});
            this.broker = open();
            broker.topics()
                    .create(
                            Principal.LOCAL,
                            new Topics.NewTopic(
                                    "t",
                                    1,
                                    Map.of(
                                            "retention.ms",
                                            "-1",
                                            "flush.messages",
                                            isBuffered ? NEVER : "1")),
                            false);
        }

        private Broker open() throws IOException {
            BrokerConfig config =
                    new BrokerConfig(
                            2, ShardConfig.DEFAULT, new TailConfig(64, 1 << 20, 8), 1 << 16, 100);
            return new Broker(
                    Path.of("/data"),
                    config,
                    new OpenGuard(),
                    new Broker.Ground(disk, clock, threads));
        }

        void run() throws Exception {
            for (int i = 0; i < STEPS; i++) {
                switch (random.nextInt(10)) {
                    case 0 -> restart();
                    case 1 -> pass();
                    default -> senders.forEach(this::send);
                }
                for (int k = random.nextInt(12); k > 0; k--) {
                    threads.step();
                    if (random.nextInt(3) == 0) {
                        threads.tick();
                    }
                }
            }
            finish();
        }

        /// Snapshots are written now and then.
        private void pass() {
            clock.advance(70_000);
            threads.tick();
        }

        private void restart() throws IOException {
            switch (random.nextInt(isBuffered ? 2 : 3)) {
                case 0 -> broker.close();
                case 1 -> disk.crashProcess();
                default -> disk.crash();
            }
            start();
            senders.forEach(this::hand);
        }

        private void start() throws IOException {
            threads = new SimulatedThreads(random, clock, () -> {});
            broker = open();
        }

        private void send(Sender sender) {
            if (sender.batch != null || sender.commit != null) {
                return;
            }
            boolean isTransactional = sender.id == 2;
            if (isTransactional && sender.isOpen && random.nextInt(3) == 0) {
                sender.commit = random.nextBoolean();
            } else {
                sender.isOpen = isTransactional;
                sender.batch = sender.id + "-" + sender.sent++ + padding();
            }
            hand(sender);
        }

        /// Some batches take long to check.
        private String padding() {
            if (random.nextInt(4) > 0) {
                return "";
            }
            byte[] noise = new byte[200];
            random.nextBytes(noise);
            return HexFormat.of().formatHex(noise);
        }

        /// Sends what is not answered, perhaps again.
        private void hand(Sender sender) {
            String value = sender.batch;
            Boolean commit = sender.commit;
            Broker now = broker;
            Consumer<Boolean> whenDone =
                    isStored -> {
                        if (isStored && now == broker) {
                            sender.answered();
                        }
                    };
            if (value != null) {
                By by = new By(sender.id, (short) 0, sender.sequence, sender.id == 2);
                ProducedBatch sent =
                        batch(CompressionType.ZSTD, by, List.of(record(1, "k", value)));
                broker.topics().append(Principal.LOCAL, "t", 0, sent, new Told(whenDone));
            } else if (commit != null) {
                broker.topics()
                        .mark(
                                "t",
                                0,
                                new Topics.TransactionMarker(sender.id, (short) 0, 0, commit),
                                new Told(whenDone));
            }
        }

        private void settle() {
            for (threads.drain(); !threads.tick().isEmpty(); ) {
                threads.drain();
            }
        }

        private void finish() throws Exception {
            settle();
            Sender second = senders.getLast();
            if (second.isOpen) {
                second.commit = true;
                hand(second);
                settle();
            }
            for (Sender sender : senders) {
                assertThat(read(sender)).containsExactlyElementsOf(sender.done);
            }
            if (isBuffered) {
                disk.crash();
                start();
                for (Sender sender : senders) {
                    List<String> left = read(sender);
                    assertThat(left).isEqualTo(sender.done.subList(0, left.size()));
                }
                assertThat(second.committed).contains(read(second).size());
            }
            broker.close();
        }

        private List<String> read(Sender sender) throws Exception {
            ReadRequest all =
                    new ReadRequest("t", 0, new Start.First(), 10_000, Duration.ZERO, null);
            return broker.read(Principal.LOCAL, all).events().stream()
                    .map(TopicGround::text)
                    .filter(text -> text.startsWith(sender.id + "-"))
                    .toList();
        }
    }

    /// A producer that is refused while the server goes down sends again; anything else is wrong.
    private record Told(Consumer<Boolean> whenDone) implements Topics.Reply {
        @Override
        public void stored(long baseOffset, long startOffset) {
            whenDone.accept(true);
        }

        @Override
        public void failed(MillraceException problem) {
            switch (problem.code()) {
                case SHUTTING_DOWN -> whenDone.accept(false);
                default -> throw new AssertionError(problem);
            }
        }
    }
}

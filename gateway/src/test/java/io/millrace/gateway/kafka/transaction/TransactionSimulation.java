package io.millrace.gateway.kafka.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Topics;
import io.millrace.broker.Topics.TransactionMarker;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.FakeSerial;
import io.millrace.gateway.kafka.FakeTable;
import io.millrace.gateway.kafka.transaction.TransactionCoordinator.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Producers, a coordinator that crashes, a disk that is slow or full, and partitions that are slow
/// or refuse; all driven by one seed.
final class TransactionSimulation {
    private final Random random;
    private final String seed;
    private final Map<PartitionName, SimulatedPartition> partitions = new TreeMap<>();
    private final List<SimulatedProducer> producers = new ArrayList<>();

    private FakeTable table = new FakeTable();
    private FakeSerial serial = new FakeSerial();
    private TransactionCoordinator coordinator;
    private List<Runnable> marking = new ArrayList<>();
    private int life;
    private int named;

    private final Map<ProducerIdentity, String> owners = new HashMap<>();
    private final Map<String, Set<String>> superseded = new HashMap<>();
    private final Map<String, Boolean> told = new TreeMap<>();
    private final Set<ProducerIdentity> completed = new HashSet<>();
    private int appended;
    private int crashes;

    TransactionSimulation(long seed) {
        this.random = new Random(seed);
        this.seed = "seed " + seed;
        for (int i = 0; i < 3; i++) {
            partitions.put(new PartitionName("a", i), new SimulatedPartition());
        }
        partitions.put(new PartitionName("b", 0), new SimulatedPartition());
        table.hold();
        this.coordinator = begin();
    }

    private TransactionCoordinator begin() {
        TransactionCoordinator begun =
                new TransactionCoordinator(
                        this::mark,
                        this::completeOffsets,
                        table,
                        serial,
                        new TransactionLimits(Duration.ofMinutes(15), Duration.ofDays(7), 100));
        begun.recover();
        return begun;
    }

    private void mark(String topic, int partition, TransactionMarker marker, Topics.Reply reply) {
        int now = life;
        marking.add(() -> {
            int luck = random.nextInt(10);
            if (luck == 0) {
                refuse(reply, now, ErrorCode.OVERLOADED);
                return;
            }
            boolean taken = state(new PartitionName(topic, partition)).mark(marker);
            if (luck == 1) {
                // Stored, but the answer says that it is not sure.
                refuse(reply, now, ErrorCode.PARTITION_FAILED);
            } else if (!taken) {
                refuse(reply, now, ErrorCode.PRODUCER_FENCED);
            } else if (now == life) {
                reply.stored(0, 0);
            }
        });
    }

    private void refuse(Topics.Reply reply, int from, ErrorCode code) {
        if (from == life) {
            reply.failed(new MillraceException(code, "for the test"));
        }
    }

    private CompletableFuture<@Nullable Void> completeOffsets(
            long producerId, short epoch, boolean isCommit) {
        completed.add(new ProducerIdentity(producerId, epoch));
        return random.nextInt(4) == 0
                ? CompletableFuture.failedFuture(
                        new MillraceException(ErrorCode.OVERLOADED, "for the test"))
                : CompletableFuture.completedFuture(null);
    }

    private SimulatedPartition state(PartitionName partition) {
        return java.util.Objects.requireNonNull(partitions.get(partition));
    }

    PartitionName somePartition() {
        List<PartitionName> all = List.copyOf(partitions.keySet());
        return all.get(random.nextInt(all.size()));
    }

    void submit(SimulatedProducer from, TransactionCommand command, Consumer<Outcome> reply) {
        int now = life;
        coordinator.submit(
                from.id(),
                command,
                outcome -> {
                    assertThat(now).as("%s: an answer after a crash", seed).isEqualTo(life);
                    reply.accept(outcome);
                });
    }

    /// Judges what the coordinator says to a producer, whether or not it gets there.
    void decided(SimulatedProducer producer, TransactionCommand command, Outcome outcome) {
        if (outcome.error() != Errors.NONE) {
            return;
        }
        boolean isNew =
                command instanceof TransactionCommand.Initialize initialize
                        && initialize.expected().isNone();
        if (!isNew) {
            assertThat(superseded.getOrDefault(producer.id(), Set.of()))
                    .as("%s: %s was fenced, and yet did %s", seed, producer.name(), command)
                    .doesNotContain(producer.name());
        }
        if (!outcome.producer().isNone()) {
            String owner = owners.putIfAbsent(outcome.producer(), producer.name());
            assertThat(owner)
                    .as("%s: %s is given to two", seed, outcome.producer())
                    .isIn(null, producer.name());
            assertThat(outcome.producer().epoch())
                    .as("%s: the epoch of %s", seed, producer.name())
                    .isBetween((short) 0, ProducerIdentity.EPOCH_MAX);
        }
        if (command instanceof TransactionCommand.Initialize) {
            for (SimulatedProducer other : producers) {
                if (other != producer && other.id().equals(producer.id())) {
                    superseded
                            .computeIfAbsent(producer.id(), _ -> new HashSet<>())
                            .add(other.name());
                }
            }
            superseded.getOrDefault(producer.id(), new HashSet<>()).remove(producer.name());
        }
    }

    void append(
            SimulatedProducer producer,
            ProducerIdentity identity,
            String transaction,
            PartitionName partition) {
        assertThat(state(partition).append(identity, transaction))
                .as("%s: %s may write, but %s refuses", seed, producer.name(), partition)
                .isTrue();
        appended++;
    }

    void told(String transaction, boolean isCommit) {
        Boolean before = told.put(transaction, isCommit);
        assertThat(before).as("%s: %s was told twice", seed, transaction).isIn(null, isCommit);
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
        }
        settle();
        judge();
    }

    private void step() {
        int luck = random.nextInt(1000);
        if (luck < 8) {
            crash();
        } else if (luck < 20) {
            serial.advance(Duration.ofMillis(random.nextInt(4000)));
        } else if (luck < 25) {
            table.failWith(new MillraceException(ErrorCode.DISK_FULL, "for the test"));
        } else if (luck < 60) {
            table.failWith(null);
        } else if (luck < 80 || producers.isEmpty()) {
            arrive();
        } else if (luck < 400) {
            producers.get(random.nextInt(producers.size())).act();
        } else if (luck < 600) {
            table.releaseOne();
        } else if (luck < 700 && !marking.isEmpty()) {
            marking.remove(random.nextInt(marking.size())).run();
        } else if (luck < 720) {
            serial.advance(Duration.ofMillis(random.nextInt(300)));
        } else {
            serial.runOne();
        }
    }

    /// A new producer; often its predecessor is not told and goes on.
    private void arrive() {
        if (producers.size() > 5) {
            producers.remove(random.nextInt(producers.size()));
        }
        named++;
        producers.add(new SimulatedProducer(this, random, "id-" + random.nextInt(2), "p" + named));
    }

    private void crash() {
        crashes++;
        life++;
        // Of what was on its way to the partitions some is stored and some is lost.
        List<Runnable> underWay = marking;
        marking = new ArrayList<>();
        for (Runnable marker : underWay) {
            if (random.nextBoolean()) {
                marker.run();
            }
        }
        table = table.crashed();
        table.hold();
        serial = new FakeSerial(serial.nowMillis() + random.nextInt(1000));
        producers.forEach(SimulatedProducer::connectionLost);
        coordinator = begin();
    }

    private void settle() {
        producers.clear();
        table.failWith(null);
        for (int i = 0; i < 200; i++) {
            serial.runPending();
            table.release();
            serial.runPending();
            List<Runnable> underWay = marking;
            marking = new ArrayList<>();
            underWay.forEach(Runnable::run);
            serial.advance(Duration.ofSeconds(1));
        }
    }

    private void judge() {
        Map<String, TreeSet<Boolean>> ends = new TreeMap<>();
        partitions.forEach((name, partition) -> {
            assertThat(partition.hasOpen())
                    .as("%s: a transaction hangs in %s", seed, name)
                    .isFalse();
            partition
                    .ends()
                    .forEach((transaction, outcomes) ->
                            ends.computeIfAbsent(transaction, _ -> new TreeSet<>())
                                    .addAll(outcomes));
        });
        ends.forEach((transaction, outcomes) -> {
            assertThat(outcomes).as("%s: %s ended in different ways", seed, transaction).hasSize(1);
            Boolean said = told.get(transaction);
            if (said != null) {
                assertThat(outcomes)
                        .as("%s: %s was told otherwise", seed, transaction)
                        .containsExactly(said);
            }
        });
    }

    int appended() {
        return appended;
    }

    int crashes() {
        return crashes;
    }

    /// Transactions whose outcome their producers know.
    long told(boolean isCommit) {
        return told.values().stream().filter(each -> each == isCommit).count();
    }

    int offsetsCompleted() {
        return completed.size();
    }
}

package io.millrace.broker;

import static io.millrace.broker.BrokerModel.check;

import io.millrace.broker.Attempt.State;
import io.millrace.broker.stream.StreamSet;
import io.millrace.broker.stream.StreamStatus;
import io.millrace.broker.stream.StreamStatus.PartitionStatus;
import io.millrace.error.MillraceException;
import io.millrace.resource.StreamResource;
import io.millrace.router.TailConfig;
import io.millrace.security.OpenGuard;
import io.millrace.security.Principal;
import io.millrace.shard.ShardConfig;
import io.millrace.simulator.PowerCut;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import io.millrace.simulator.SimulatedThreads;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A broker on a simulated machine: starts, crashes, starts again, and is compared with the model
/// as a whole.
final class SimulatedServer {
    private static final Path DATA = Path.of("/data");

    final Random random;
    final SimulatedDisk disk;
    final SimulatedClock clock = new SimulatedClock();
    final BrokerModel model = new BrokerModel();
    final List<String> history = new ArrayList<>();
    private final BrokerConfig config;
    private final Runnable meanwhile;
    private SimulatedThreads threads;
    private @Nullable Broker broker;

    int publishes;

    /// Whether the disk was full or read-only at some moment since the last start.
    boolean isDisturbed;

    SimulatedServer(Random random, SimulatedDisk disk, Runnable meanwhile) {
        this.random = random;
        this.disk = disk;
        this.meanwhile = meanwhile;
        this.threads = new SimulatedThreads(random, clock, meanwhile);
        this.config =
                new BrokerConfig(
                        1 + random.nextInt(3),
                        new ShardConfig(
                                random.nextInt(4) == 0 ? 6000 : 1 << 20,
                                500 + random.nextInt(3000)),
                        new TailConfig(
                                4 + random.nextInt(60), 1 << 20, random.nextInt(8) == 0 ? 2 : 64),
                        1500,
                        random.nextInt(3) == 0 ? 5 : 1000);
        disk.duringFlush(this::duringFlush);
    }

    void note(String what, @Nullable Object... args) {
        history.add(BrokerModel.text(what, args));
    }

    Broker broker() {
        if (broker == null) {
            throw new AssertionError("the server does not run");
        }
        return broker;
    }

    boolean isRunning() {
        return broker != null;
    }

    SimulatedThreads threads() {
        return threads;
    }

    /// While the flusher waits for the disk, shards go on writing. Only what may run beside a flush
    /// does so here: one thread cannot wait for its own lock.
    private void duringFlush() {
        boolean isFlusher = threads.isWorking("flusher") && !threads.isWorking("shard");
        if (isFlusher && !callsMayFlush && random.nextInt(3) == 0) {
            meanwhile.run();
            if (!callsMayFlush) {
                threads.work("shard");
            }
        }
    }

    /// Whether calls are on their way to shards that flush there.
    boolean callsMayFlush;

    void firstStart() {
        try {
            start();
        } catch (IOException e) {
            throw new AssertionError("nothing is wrong with the disk", e);
        }
        StreamResource first = broker().administration().stream(Principal.LOCAL, StreamSet.DEFAULT);
        ModelStream stream = new ModelStream(first, model.life);
        stream.is(first);
        model.appeared(stream);
    }

    private void start() throws IOException {
        broker = null;
        threads = new SimulatedThreads(random, clock, meanwhile);
        isDisturbed = false;
        callsMayFlush = false;
        broker = new Broker(DATA, config, new OpenGuard(), new Broker.Ground(disk, clock, threads));
    }

    /// Time passes, and what is due by it happens.
    void pass(long millis) {
        clock.advance(millis);
        model.latestMillis = Math.max(model.latestMillis, clock.epochMillis());
        // All but the timer that only asks the flusher.
        callsMayFlush |= threads.tick().stream().anyMatch(name -> !name.equals("flush"));
    }

    /// With a disk that works, everything is answered and comes to rest.
    void settle() {
        note("settle");
        disk.failNothing();
        disk.cutPower(-1);
        // Nobody publishes meanwhile.
        callsMayFlush = true;
        threads.drain();
        pass(1000);
        threads.drain();
        callsMayFlush = false;
        check(model.waiting().isEmpty(), "never answered: %s", model.waiting());
        check(broker().heldBytes() == 0, "%d bytes are held for nobody", broker().heldBytes());
        for (StreamStatus status : broker().status(Principal.LOCAL)) {
            ModelStream stream = model.streams.get(status.name());
            if (stream != null) {
                for (PartitionStatus partition : status.partitions()) {
                    if (partition.failure() == null) {
                        stream.partition(partition.partition()).durable();
                    }
                }
            }
        }
    }

    /// Ends the broker in one way or another, and starts it again.
    void restart(boolean isMachine, boolean inOrder) {
        if (inOrder) {
            settle();
            callsMayFlush = true;
            broker().close();
            note("closed");
        }
        markLostPages();
        model.failed(model.waiting(), State.UNKNOWN);
        boolean mayLose = crash(isMachine);
        mayLose |= startAmidFailures();
        model.restarted(broker().administration().streams(Principal.LOCAL));
        for (StreamStatus status : broker().status(Principal.LOCAL)) {
            ModelStream stream = model.streams.get(status.name());
            for (PartitionStatus partition : status.partitions()) {
                if (stream != null) {
                    boolean hasLost =
                            stream.partition(partition.partition())
                                    .restarted(partition.end(), mayLose);
                    model.life += hasLost ? 1 : 0;
                    note("%s/%d ends at %d", stream, partition.partition(), partition.end());
                }
            }
        }
        checkAll();
        model.streams.values().forEach(s -> s.partitions.values().forEach(ModelPartition::durable));
    }

    private boolean crash(boolean isMachine) {
        broker = null;
        if (isMachine) {
            disk.crash();
        } else {
            disk.crashProcess();
        }
        note(isMachine ? "the machine crashes" : "the process crashes");
        return isMachine;
    }

    /// @return whether something may be gone that was not flushed
    private boolean startAmidFailures() {
        boolean mayLose = false;
        while (true) {
            boolean isHit = random.nextInt(3) == 0;
            if (isHit) {
                arrangeFailure();
            }
            try {
                start();
                if (!isHit) {
                    note("started");
                    return mayLose;
                }
                note("started amid failures");
            } catch (IOException | MillraceException e) {
                check(isHit, "it does not start although nothing is wrong: %s", e);
                note("starting failed: %s", e);
            } catch (PowerCut _) {
                note("starting ended by a crash");
            }
            mayLose = true;
            crash(random.nextBoolean());
        }
    }

    void arrangeFailure() {
        int dice = random.nextInt(10);
        if (dice == 0) {
            disk.full(true);
            isDisturbed = true;
            note("the disk is full");
        } else if (dice == 1) {
            disk.readOnly(true);
            isDisturbed = true;
            note("the disk is read-only");
        } else if (dice == 2) {
            int calls = random.nextInt(60);
            disk.cutPower(calls);
            note("power goes after %d calls", calls);
        } else {
            SimulatedDisk.Call[] calls = SimulatedDisk.Call.values();
            SimulatedDisk.Call call = calls[random.nextInt(calls.length)];
            int after = random.nextInt(8);
            disk.failNext(call, after);
            note("fail %s after %d", call, after);
        }
    }

    /// Whether a failure of the disk can be to blame for that of a partition.
    ///
    /// @param partition `null` for any of the stream
    boolean isToBlame(String stream, @Nullable Integer partition) {
        if (isDisturbed) {
            return true;
        }
        for (Path path : disk.failed()) {
            boolean isStream =
                    path.getNameCount() <= 2
                            || path.getName(2).toString().matches(stream + "\\.[0-9]+");
            boolean isPartition =
                    partition == null
                            || path.getNameCount() <= 3
                            || path.getName(3).toString().equals(partition.toString());
            if (isStream && isPartition) {
                return true;
            }
        }
        return false;
    }

    private void markLostPages() {
        for (ModelStream stream : model.streams.values()) {
            for (ModelPartition partition : stream.partitions.values()) {
                partition.mayLosePages = isToBlame(stream.name, partition.number);
            }
        }
    }

    /// Reads everything and compares.
    void checkAll() {
        for (StreamStatus status : broker().status(Principal.LOCAL)) {
            ModelStream stream = model.streams.get(status.name());
            if (stream != null) {
                for (PartitionStatus partition : status.partitions()) {
                    compare(stream.partition(partition.partition()), partition);
                }
            }
        }
        checkBatches();
    }

    private void compare(ModelPartition partition, PartitionStatus status) {
        Map<Long, StoredEvent> found = new HashMap<>();
        for (StoredEvent stored : readAll(partition, status.start(), status.end())) {
            check(model.seen(stored) == partition, "%s is not of %s", stored, partition);
            found.put(stored.offset(), stored);
        }
        for (long offset = status.start(); offset < status.end(); offset++) {
            ModelPartition.Entry entry = partition.entries.get(offset);
            boolean isThere =
                    found.containsKey(offset)
                            || (partition.stream.isCompacted()
                                    && (entry == null
                                            || partition.mayBeCompacted(offset, entry.attempt)));
            check(isThere, "%s@%d is missing: %s", partition, offset, entry);
        }
        Duration kept = partition.stream.retentionMin();
        partition
                .entries
                .headMap(status.start())
                .forEach((offset, entry) ->
                        check(
                                kept != null
                                        && model.latestMillis - entry.recordedMillis
                                                > kept.toMillis(),
                                "%s@%d is gone too early: %s",
                                partition,
                                offset,
                                entry.attempt));
    }

    List<StoredEvent> readAll(ModelPartition partition, long from, long to) {
        disk.undisturbed(true);
        try {
            List<StoredEvent> all = new ArrayList<>();
            long next = from;
            while (next < to) {
                ReadResult result =
                        broker().read(
                                        Principal.LOCAL,
                                        new ReadRequest(
                                                partition.stream.name,
                                                partition.number,
                                                new Start.At(next),
                                                100,
                                                Duration.ZERO,
                                                null));
                all.addAll(result.events());
                long behind = result.position().offsets(partition.stream.name)[partition.number];
                check(behind > next, "reading %s does not get beyond %d", partition, next);
                next = behind;
            }
            return all;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            disk.undisturbed(false);
        }
    }

    /// Members of a batch for one key of one stream are in one partition, in their order, or
    /// nowhere.
    private void checkBatches() {
        Map<String, Attempt> first = new HashMap<>();
        for (Attempt attempt : model.inOrder) {
            Attempt other = first.putIfAbsent(attempt.group, attempt);
            ModelPartition place = attempt.place;
            if (other == null || attempt.target == null || attempt.state == State.WAITING) {
                continue;
            }
            boolean isWhole =
                    place == other.place
                            && (attempt.state == State.LOST) == (other.state == State.LOST)
                            && (place == null || attempt.offset > other.offset);
            check(
                    isWhole || attempt.target.isCompacted(),
                    "a batch is torn: %s, %s",
                    attempt,
                    other);
        }
    }
}

package io.millrace.broker;

import io.millrace.broker.Queues.Enqueued;
import io.millrace.config.DocumentReader;
import io.millrace.error.MillraceException;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.group.Group;
import io.millrace.group.Leased;
import io.millrace.group.SettleAction;
import io.millrace.group.SettleResult;
import io.millrace.letter.DeadLetter;
import io.millrace.letter.LetterSearch;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.ResourceReader;
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
import java.util.List;
import java.util.Random;

/// A broker with one shard on a simulated machine, and the queue `q` in it.
final class QueueGround {
    static final Path DATA = Path.of("/data");
    private static final int LETTERS_MAX = 100;
    private static final Duration LEASE = Duration.ofMinutes(5);

    final SimulatedDisk disk;
    final SimulatedClock clock = new SimulatedClock();
    private final Random random;
    private final long journalBytes;
    private SimulatedThreads threads;
    private Broker broker;

    /// What others do while somebody waits for the broker.
    Runnable meanwhile = () -> {};

    /// @param fields of the queue
    QueueGround(long seed, long journalBytes, String fields) throws IOException {
        // Neighbouring seeds of a Random begin alike.
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.disk = new SimulatedDisk(new Random(~seed * 0x9E3779B97F4A7C15L));
        this.journalBytes = journalBytes;
        this.threads = threads();
        this.broker = start();
        put("q", fields);
    }

    private SimulatedThreads threads() {
        return new SimulatedThreads(random, clock, () -> meanwhile.run());
    }

    private Broker start() throws IOException {
        BrokerConfig config =
                new BrokerConfig(
                        1,
                        new ShardConfig(1 << 20, 4000),
                        TailConfig.DEFAULT,
                        1500,
                        1000,
                        journalBytes);
        return new Broker(DATA, config, new OpenGuard(), new Broker.Ground(disk, clock, threads));
    }

    /// The power goes, and a call of the disk fails during the next start, or later. If it does not
    /// start with that, it is started once more.
    void restart(SimulatedDisk.Call call, int after) throws IOException {
        disk.crash();
        disk.failNext(call, after);
        threads = threads();
        try {
            broker = start();
            disk.failNothing();
        } catch (IOException | MillraceException _) {
            restart(false);
        }
    }

    void restart(boolean isMachine) throws IOException {
        if (isMachine) {
            disk.crash();
        } else {
            disk.crashProcess();
        }
        threads = threads();
        broker = start();
    }

    void close() {
        broker.close();
    }

    void put(String name, String fields) {
        String document = "{\"kind\":\"Queue\",\"name\":\"%s\"%s}".formatted(name, fields);
        broker.administration()
                .put(
                        Principal.LOCAL,
                        new ResourceReader()
                                .readOne(
                                        Bytes.utf8(document),
                                        DocumentReader.Format.JSON,
                                        "Queue",
                                        name),
                        Precondition.NONE);
    }

    static Event job(String id, int priority) {
        return Event.builder()
                .id(id)
                .source("/s")
                .type("t")
                .extension("priority", new IntegerValue(priority))
                .build();
    }

    List<Enqueued> enqueue(Event... jobs) {
        return broker.queues().enqueue(Principal.LOCAL, "q", List.of(jobs));
    }

    /// Has the journal of the cursors flushed, by what always waits for that.
    void flushCursors() {
        broker.queues().resume(Principal.LOCAL, "q");
    }

    Group group() {
        Group group = broker.group(ResourceKind.QUEUE, "q");
        if (group == null) {
            throw new AssertionError("the queue is gone");
        }
        return group;
    }

    Group.Tried receive(int max) {
        return group().tryReceive(max, LEASE, false);
    }

    List<SettleResult> settle(List<Leased> leases, SettleAction action) {
        return group().settle(
                        leases.stream().map(Leased::token).toList(),
                        leases.stream().map(_ -> action).toList());
    }

    List<DeadLetter> letters() {
        return broker.deadLetters()
                .search(Principal.LOCAL, LetterSearch.ALL, null, LETTERS_MAX)
                .letters();
    }

    /// Whatever is awake works until it sleeps.
    void drain() {
        threads.drain();
    }

    void step(String agent) {
        threads.work(agent);
    }

    void pass(Duration time) {
        clock.advance(time.toMillis());
        threads.tick();
        threads.drain();
    }

    static List<String> ids(List<Leased> leases) {
        return leases.stream().map(each -> each.event().event().id()).toList();
    }
}

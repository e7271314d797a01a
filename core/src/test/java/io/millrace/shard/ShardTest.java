package io.millrace.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.io.Wakeup;
import io.millrace.log.Durability;
import io.millrace.log.EventRecords;
import io.millrace.log.FileLogs;
import io.millrace.log.Log;
import io.millrace.log.LogConfig;
import io.millrace.log.RecordBody;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// One shard and its flusher, which work when they are told to.
final class ShardTest {
    private static final Context CONTEXT = Context.of("/a");

    private final SimulatedClock clock = new SimulatedClock();
    private final SimulatedDisk disk = new SimulatedDisk(new Random(1));
    private final Flusher flusher = new Flusher("flusher");

    /// What live readers and publishers are told, in its order.
    private final List<String> told = new ArrayList<>();

    private final Shard shard =
            new Shard(
                    "shard",
                    clock,
                    List.of(flusher),
                    append -> told.add("readable " + append.baseOffset()),
                    ShardConfig.DEFAULT);
    private Log log;
    private Partition partition;

    @BeforeEach
    void open() throws IOException {
        log = new FileLogs(disk, clock).open(Path.of("/data/0"), config(Durability.SYNCED)).log();
        partition =
                new Partition(new StreamId("s", 1), 0, log, Durability.SYNCED, new ReadSignal());
    }

    private static LogConfig config(Durability durability) {
        LogConfig other = LogConfig.DEFAULT;
        return new LogConfig(
                durability,
                other.segmentBytes(),
                other.segmentAge(),
                other.retentionAge(),
                other.retentionBytes(),
                other.compacted(),
                other.tombstoneRetention());
    }

    private void publish() {
        publish(_ -> false);
    }

    private void publish(Predicate<Runnable> lending) {
        Event event = Event.builder().id("1").source("/s").type("t").build();
        Append.Entry entry =
                new Append.Entry(CONTEXT, event, EventRecords.encode(event, CONTEXT, false));
        Append.Reply reply =
                new Append.Reply() {
                    @Override
                    public boolean lend(Runnable write) {
                        return lending.test(write);
                    }

                    @Override
                    public void stored(Append append, long baseOffset) {
                        told.add("stored " + baseOffset);
                    }

                    @Override
                    public void failed(Append append, MillraceException problem) {
                        told.add("failed: " + problem.getMessage());
                    }
                };
        assertThat(shard.offer(new Append(partition, List.of(entry), reply))).isTrue();
    }

    /// Who brings events and has a moment has them written itself, with what has come until then;
    /// for all others the shard's thread is woken.
    @Test
    void writingIsLeftToWhoeverWantsToLendItsThread() {
        List<String> calls = new ArrayList<>();
        List<Runnable> writes = new ArrayList<>();
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
        configure(Durability.BUFFERED);
        assertThat(calls).containsExactly("wake");
        calls.clear();
        publish(writes::add);
        publish(writes::add);
        assertThat(calls).isEmpty();
        writes.forEach(Runnable::run);
        assertThat(calls).containsExactly("work");
        assertThat(told).endsWith("stored 0", "readable 1", "stored 1");
        publish();
        assertThat(calls).containsExactly("work", "wake");
    }

    private void configure(Durability durability) {
        shard.run(() -> shard.configure(partition, config(durability)));
    }

    private void work() {
        while (shard.doWork() + flusher.doWork() > 0) {
            // Until nothing is left.
        }
    }

    @Test
    void aCallThatFailsDoesNotLoseWhatWasTakenFromTheInboxWithIt() {
        publish();
        shard.run(() -> {
            throw new IllegalStateException("simulated");
        });
        publish();
        work();
        assertThat(told).containsExactly("readable 0", "stored 0", "readable 1", "stored 1");
        assertThat(shard.heldBytes()).isZero();
    }

    @Test
    void whatWaitsForAFlushIsNotOvertakenWhenItsStreamBecomesBuffered() {
        publish();
        shard.doWork();
        assertThat(told).isEmpty();
        configure(Durability.BUFFERED);
        publish();
        work();
        assertThat(told).containsExactly("readable 0", "stored 0", "readable 1", "stored 1");
    }

    @Test
    void whatReadersHaveSeenIsNotHiddenWhenItsStreamBecomesSynced() {
        configure(Durability.BUFFERED);
        publish();
        shard.doWork();
        assertThat(log.readableOffset()).isEqualTo(1);
        configure(Durability.SYNCED);
        shard.doWork();
        assertThat(log.readableOffset()).isEqualTo(1);
        publish();
        shard.doWork();
        assertThat(log.readableOffset()).isEqualTo(1);
        work();
        assertThat(told).containsExactly("readable 0", "stored 0", "readable 1", "stored 1");
        assertThat(log.readableOffset()).isEqualTo(2);
    }

    /// The system tells of pages that it dropped only once, and here it tells the append.
    @Test
    void aFlushThatSucceedsBesideOneThatFailedAcknowledgesNothing() {
        publish();
        shard.doWork();
        disk.duringFlush(() -> {
            disk.duringFlush(() -> {});
            disk.failNext(SimulatedDisk.Call.WRITE, 0);
            disk.failNext(SimulatedDisk.Call.FLUSH, 0);
            publish();
            shard.doWork();
        });
        work();
        assertThat(told).hasSize(2).allMatch(answer -> answer.startsWith("failed: "));
        assertThat(log.readableOffset()).isZero();
    }

    /// The partition stays as readers know it, and everything is answered.
    @Test
    void aFlushThatFailsWhileDurabilityIsChangedAnswersWhatWaits() {
        publish();
        shard.doWork();
        disk.failNext(SimulatedDisk.Call.FLUSH, 0);
        configure(Durability.BUFFERED);
        publish();
        work();
        assertThat(told).hasSize(2).allMatch(answer -> answer.startsWith("failed: "));
        assertThat(partition.durability()).isEqualTo(Durability.SYNCED);
        assertThat(log.readableOffset()).isZero();
        assertThat(shard.heldBytes()).isZero();
    }

    @Test
    void aPartitionWithReadersOfItsOwnTellsThemAndNotTheShards() {
        Readers own = append -> told.add("own " + append.baseOffset() + ": " + append.count());
        partition =
                new Partition(
                        new StreamId("s", 1), 0, log, Durability.SYNCED, new ReadSignal(), own);
        publish();
        Event event = Event.builder().id("1").source("/s").type("t").build();
        RecordBody body = EventRecords.encode(event, CONTEXT, false);
        Append.Reply reply =
                new Append.Reply() {
                    @Override
                    public void stored(Append append, long baseOffset) {
                        told.add("stored records at " + baseOffset);
                    }

                    @Override
                    public void failed(Append append, MillraceException problem) {
                        told.add("failed: " + problem.getMessage());
                    }
                };
        assertThat(shard.offer(Append.ofRecords(partition, List.of(body, body), reply))).isTrue();
        publish();
        work();
        assertThat(told)
                .containsExactly(
                        "own 0: 1",
                        "stored 0",
                        "own 1: 2",
                        "stored records at 1",
                        "own 3: 1",
                        "stored 3");
        assertThat(shard.heldBytes()).isZero();
    }
}

package io.millrace.shard;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Agent;
import io.millrace.io.Clock;
import io.millrace.io.Wakeup;
import io.millrace.log.Cleaning;
import io.millrace.log.Durability;
import io.millrace.log.LogConfig;
import io.millrace.log.LogState;
import io.millrace.log.RecordBody;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one writer of its partitions.
///
/// Whatever waits in the inbox is written together: one batch and one write for each partition that
/// has something, then one flush for each that needs it, on a [Flusher]. Replies leave when the
/// records are stored as their stream promises, after the partition's readers, or else the shard's,
/// have heard of them.
///
/// [#offer], [#call] and [#run] are for every thread; the rest belongs to the one that calls
/// [#doWork], which is called the shard's thread. While that sleeps, whoever brings appends may
/// take its place for as long as it takes to write them.
public final class Shard implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);

    private final String name;
    private final Clock clock;
    private final RetentionClock retentionClock;
    private final List<Flusher> flushers;
    private final Readers readers;
    private final ShardConfig config;

    private final Inbox inbox = new Inbox();
    private final AtomicLong heldBytes = new AtomicLong();
    private final List<Partition> touched = new ArrayList<>();
    private final List<RecordBody> batch = new ArrayList<>();
    private final List<Append> batchAppends = new ArrayList<>();
    private final Produced produced = new Produced();
    private volatile @Nullable Wakeup wakeup;
    private final Runnable lent = this::workHere;
    private @Nullable Runnable atRoundEnd;

    /// @param flushers at least one; a partition always goes to the same one
    public Shard(
            String name, Clock clock, List<Flusher> flushers, Readers readers, ShardConfig config) {
        this.name = name;
        this.clock = clock;
        this.retentionClock = new RetentionClock(clock);
        this.flushers = List.copyOf(flushers);
        this.readers = readers;
        this.config = config;
    }

    /// Names whom to wake when work arrives; without one, somebody else calls [#doWork].
    public void wakeup(Wakeup wakeup) {
        this.wakeup = wakeup;
    }

    /// Takes an append unless too much waits already; then nothing happens, and the publisher has
    /// to slow down.
    public boolean offer(Append append) {
        if (!reserve(append)) {
            return false;
        }
        put(append);
        return true;
    }

    /// Takes an append on the shard's own thread: it is written before anything else that is run
    /// here, so the offsets that it gets are those at the end of the log now.
    ///
    /// @return whether there was room for it
    public boolean appendHere(Append append) {
        if (!reserve(append)) {
            return false;
        }
        arrived(append);
        return true;
    }

    /// Makes room for an append, which [#put] or [#release] has to follow.
    public boolean reserve(Append append) {
        long held = heldBytes.addAndGet(append.bytes() + Append.OVERHEAD_BYTES);
        if (held > config.inboxBytesMax()) {
            release(append);
            return false;
        }
        return true;
    }

    /// Takes an append that room was made for.
    public void put(Append append) {
        hand(append);
    }

    /// Gives back the room that was made for an append that does not come.
    public void release(Append append) {
        heldBytes.addAndGet(-(append.bytes() + Append.OVERHEAD_BYTES));
    }

    /// Runs an action on the shard's thread, after everything that was handed over before.
    public void run(Runnable action) {
        hand(new Call(action));
    }

    /// Runs an action on the shard's thread and gives its result; whoever waits for it must not be
    /// that thread.
    public <T extends @Nullable Object> CompletableFuture<T> call(
            java.util.function.Supplier<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        run(() -> {
            try {
                result.complete(action.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    void flushed(Flushed report) {
        hand(report);
    }

    private void hand(Command command) {
        inbox.put(command);
        Wakeup waker = wakeup;
        if (waker == null) {
            return;
        }
        if (!(command instanceof Append append && append.lend(lent))) {
            waker.wake();
        }
    }

    /// What a thread that lends itself does: whatever has come by then is written together.
    private void workHere() {
        Wakeup waker = wakeup;
        if (waker != null && hasWork()) {
            waker.workHere();
        }
    }

    /// Bytes handed over and not answered yet. Thread-safe.
    public long heldBytes() {
        return heldBytes.get();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean hasWork() {
        return !inbox.isEmpty();
    }

    @Override
    public int doWork() {
        int work = 0;
        Command command = inbox.takeAll();
        while (command != null) {
            Command next = command.next;
            command.next = null;
            switch (command) {
                case Append append -> arrived(append);
                case Flushed report -> completed(report);
                case Call call -> {
                    // A call sees everything that was handed over before it.
                    writeTouched();
                    run(call);
                }
            }
            work++;
            command = next;
        }
        writeTouched();
        if (atRoundEnd != null && work > 0) {
            run(new Call(atRoundEnd));
        }
        return work;
    }

    /// Names what is to be done when everything that waited is written. The shard's thread.
    public void atRoundEnd(Runnable action) {
        atRoundEnd = action;
    }

    private void run(Call call) {
        try {
            call.action.run();
        } catch (RuntimeException e) {
            // What was taken from the inbox with it has to be answered all the same.
            LOG.error("{} failed in a call and goes on", name, e);
        }
    }

    private void arrived(Append append) {
        Partition partition = append.partition();
        if (partition.closed) {
            fail(
                    append,
                    new MillraceException(
                            ErrorCode.SHUTTING_DOWN,
                            "the stream " + partition.stream() + " was closed; try again"));
            return;
        }
        if (partition.arriving.isEmpty()) {
            touched.add(partition);
        }
        partition.arriving.add(append);
    }

    private void writeTouched() {
        if (touched.isEmpty()) {
            return;
        }
        for (Partition partition : touched) {
            write(partition);
        }
        touched.clear();
    }

    private void write(Partition partition) {
        int bytes = 0;
        for (Append append : partition.arriving) {
            // In the order in which they came.
            if (append.isProduced()) {
                writeBatch(partition);
                bytes = 0;
                partition.production().write(append, clock.epochMillis(), produced);
                continue;
            }
            writeGathered(partition);
            if (bytes > 0 && bytes + append.bytes() > config.batchBytesMax()) {
                writeBatch(partition);
                bytes = 0;
            }
            bytes += append.bytes();
            batchAppends.add(append);
        }
        writeBatch(partition);
        writeGathered(partition);
        partition.arriving.clear();
        if (partition.durability() == Durability.SYNCED && !partition.unflushed.isEmpty()) {
            requestFlush(partition);
        }
        partition.outflow().tell();
    }

    private void writeGathered(Partition partition) {
        if (partition.isProducedTo()) {
            partition.production().writeGathered(produced);
        }
    }

    /// What became of producers' batches.
    private final class Produced implements Production.Results {
        @Override
        public void written(Append append) {
            Shard.this.written(append.partition(), append);
        }

        @Override
        public void known(Append append) {
            Partition partition = append.partition();
            if (append.baseOffset() + append.count() <= partition.log().storedOffset()) {
                succeed(append);
            } else {
                partition.unflushed.add(append);
            }
        }

        @Override
        public void failed(Append append, MillraceException problem) {
            fail(append, problem);
        }
    }

    private void writeBatch(Partition partition) {
        if (batchAppends.isEmpty()) {
            return;
        }
        for (Append append : batchAppends) {
            append.addBodiesTo(batch);
        }
        try {
            long offset = partition.log().append(batch, clock.epochMillis());
            // Not the clock's time: it may have gone back, and the log's does not.
            long recorded = partition.log().lastTimestampMillis();
            for (Append append : batchAppends) {
                append.placed(offset, recorded);
                offset += append.count();
                written(partition, append);
            }
        } catch (MillraceException e) {
            for (Append append : batchAppends) {
                fail(append, e);
            }
        }
        batch.clear();
        batchAppends.clear();
    }

    private void written(Partition partition, Append append) {
        partition.dirty = true;
        if (partition.durability() == Durability.BUFFERED) {
            succeed(append);
        } else {
            partition.unflushed.add(append);
        }
    }

    private void requestFlush(Partition partition) {
        if (!partition.flushing) {
            partition.flushing = true;
            partition.dirty = false;
            flusherOf(partition).flush(partition, this);
        }
    }

    private Flusher flusherOf(Partition partition) {
        return flushers.get(
                Math.floorMod(partition.stream().hashCode() + partition.number(), flushers.size()));
    }

    /// Flushes a buffered partition that was written to; called now and then, so that a crash of
    /// the machine takes seconds and not minutes away.
    public void flushIfDirty(Partition partition) {
        if (partition.dirty && !partition.closed) {
            requestFlush(partition);
        }
    }

    private void completed(Flushed report) {
        Partition partition = report.partition;
        partition.flushing = false;
        if (report.problem != null) {
            // Whatever was not known to be on disk before is not acknowledged: the system may have
            // dropped it.
            while (!partition.unflushed.isEmpty()) {
                fail(partition.unflushed.remove(), report.problem);
            }
            return;
        }
        long stored = partition.log().storedOffset();
        while (!partition.unflushed.isEmpty()) {
            Append oldest = partition.unflushed.peek();
            if (oldest.baseOffset() + oldest.count() > stored) {
                break;
            }
            succeed(partition.unflushed.remove());
        }
        if (!partition.unflushed.isEmpty()) {
            requestFlush(partition);
        }
        partition.outflow().tell();
    }

    private void succeed(Append append) {
        Partition partition = append.partition();
        release(append);
        if (!append.isKnown()) {
            partition.storedTo(append.baseOffset() + append.count());
            // Readers first: who is told that an event is stored finds it wherever it looks.
            partition.outflow().stored(append, partition.readersOr(readers), this);
        }
        append.stored();
    }

    private void fail(Append append, MillraceException problem) {
        release(append);
        append.failed(problem);
    }

    /// Closes a partition: what waits is answered first, nothing more is taken.
    public void close(Partition partition) {
        partition.closed = true;
        flushNow(partition);
        partition.log().close();
    }

    /// Flushes here and answers what waits for it; the flusher may have the partition as well.
    ///
    /// @return whether it succeeded
    private boolean flushNow(Partition partition) {
        boolean flushing = partition.flushing;
        MillraceException problem = null;
        try {
            partition.log().flush();
        } catch (MillraceException e) {
            problem = e;
        }
        completed(new Flushed(partition, problem));
        partition.flushing |= flushing;
        return problem == null;
    }

    /// Takes over a changed policy. Where durability changes, all that was written is flushed and
    /// answered first: else what is written next would overtake what waits, or what readers have
    /// seen would be hidden from them.
    public void configure(Partition partition, LogConfig changed) {
        if (changed.durability() != partition.durability() && !flushNow(partition)) {
            // It has failed, and stays as readers know it until the server is started again.
            return;
        }
        partition.durability(changed.durability());
        partition.log().configure(changed);
    }

    /// Cleans a partition that has grown beyond its size; asked often, as a fast producer fills a
    /// disk between two cleanings.
    public void cleanIfOversized(Partition partition, Cleaner cleaner) {
        if (!partition.closed && partition.log().isOversized()) {
            clean(partition, cleaner);
        }
    }

    /// Begins to clean a partition beside the shard, unless that is under way.
    public void clean(Partition partition, Cleaner cleaner) {
        if (partition.closed || !(partition.log().state() instanceof LogState.Open)) {
            return;
        }
        Cleaning cleaning = partition.log().plan(retentionClock.epochMillis());
        if (cleaning != null) {
            cleaner.clean(partition, this, cleaning);
        }
    }
}

package io.millrace.shard;

import io.millrace.event.Context;
import io.millrace.log.Durability;
import io.millrace.log.EventOrigin;
import io.millrace.log.Log;
import io.millrace.producer.AbortedTransactions;
import io.millrace.producer.Producers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// One partition of a stream: its log, what waits to be written to it, and who waits to read from
/// it.
///
/// The package-private parts belong to the shard's thread; the public ones are for everybody.
public final class Partition {
    /// Damaged places that are remembered.
    public static final int DAMAGES_MAX = 16;

    private final StreamId id;
    private final String idText;
    private final int number;
    private final Log log;
    private final ReadSignal signal;
    private final @Nullable Readers readers;
    private volatile Durability durability;

    /// Taken from the inbox, not yet written.
    final List<Append> arriving = new ArrayList<>();

    /// Written, not yet flushed, in the order of their offsets.
    final ArrayDeque<Append> unflushed = new ArrayDeque<>();

    /// Whether the flusher has it.
    boolean flushing;

    /// Written to since the last flush.
    boolean dirty;

    boolean closed;

    private volatile long publishedCount;
    private volatile long lastRecordedMillis = -1;

    private final List<Damage> damages = new CopyOnWriteArrayList<>();
    private final EventOrigin origin;
    private final @Nullable Production production;
    private final Outflow outflow;

    /// @param signal where readers wait; partitions of one stream share it
    public Partition(StreamId id, int number, Log log, Durability durability, ReadSignal signal) {
        this(id, number, log, durability, signal, null);
    }

    /// @param readers who hears of what becomes readable here, instead of the shard's readers;
    ///   `null` for those. A hidden partition has its own, so that nothing of it reaches the router
    public Partition(
            StreamId id,
            int number,
            Log log,
            Durability durability,
            ReadSignal signal,
            @Nullable Readers readers) {
        this(id, number, log, durability, signal, readers, Context.ROOT, null);
    }

    /// A partition that producers write to.
    ///
    /// @param mount of the stream
    /// @param producers what is known of them from the log
    public static Partition ofProducers(
            StreamId id,
            int number,
            Log log,
            Durability durability,
            ReadSignal signal,
            Context mount,
            Producers producers) {
        return new Partition(id, number, log, durability, signal, null, mount, producers);
    }

    private Partition(
            StreamId id,
            int number,
            Log log,
            Durability durability,
            ReadSignal signal,
            @Nullable Readers readers,
            Context mount,
            @Nullable Producers producers) {
        this.id = id;
        this.idText = id.toString();
        this.number = number;
        this.log = log;
        this.durability = durability;
        this.signal = signal;
        this.readers = readers;
        this.origin = new EventOrigin(id.name(), id.incarnation(), number, mount);
        this.production = producers == null ? null : new Production(log, producers);
        this.outflow = new Outflow(this, log);
    }

    /// What events that are read here have from their place.
    public EventOrigin origin() {
        return origin;
    }

    /// Shard's thread: what is known of its producers.
    ///
    /// @throws IllegalStateException if no producers write here
    public Producers producers() {
        return production().producers();
    }

    /// Its aborted transactions, for every thread.
    public AbortedTransactions aborted() {
        return production().producers().aborted();
    }

    /// Whether producers write to it.
    boolean isProducedTo() {
        return production != null;
    }

    /// Shard's thread.
    Production production() {
        if (production == null) {
            throw new IllegalStateException("no producers write to " + this);
        }
        return production;
    }

    /// Shard's thread.
    Outflow outflow() {
        return outflow;
    }

    /// Has an action run on the shard's thread, and briefly, whenever more is stored or a
    /// transaction has ended. Thread-safe.
    public void watch(Runnable action) {
        outflow.watchers().add(action);
    }

    /// Ends what [#watch] began. Thread-safe.
    public void unwatch(Runnable action) {
        outflow.watchers().remove(action);
    }

    /// The name of its stream.
    public String stream() {
        return id.name();
    }

    /// Its stream, as positions name it.
    public String streamId() {
        return idText;
    }

    public int number() {
        return number;
    }

    /// The log, for reading; only the shard writes to it.
    public Log log() {
        return log;
    }

    public Durability durability() {
        return durability;
    }

    void durability(Durability changed) {
        durability = changed;
    }

    /// Notes damage that was met when the log was opened or read. Thread-safe.
    public void damaged(Damage found) {
        synchronized (damages) {
            if (damages.size() < DAMAGES_MAX && damages.stream().noneMatch(found::overlaps)) {
                damages.add(found);
            }
        }
    }

    /// The damage that is known of and has not been removed by retention since, at most
    /// [#DAMAGES_MAX] places. Thread-safe.
    public List<Damage> damages() {
        long start = log.startOffset();
        return damages.stream().filter(damage -> damage.toOffset() > start).toList();
    }

    /// Those of its own, or the ones that all others have.
    Readers readersOr(Readers ofShard) {
        return readers == null ? ofShard : readers;
    }

    /// Where readers wait for more.
    public ReadSignal signal() {
        return signal;
    }

    /// Events recorded since the server started.
    public long publishedCount() {
        return publishedCount;
    }

    /// When the newest event since the start of the server was recorded, or -1.
    public long lastRecordedMillis() {
        return lastRecordedMillis;
    }

    /// Shard's thread: events have become readable.
    void published(int count, long recordedMillis) {
        // One writer: a plain sum, published by the volatile write.
        long before = publishedCount;
        publishedCount = before + count;
        lastRecordedMillis = recordedMillis;
    }

    /// Shard's thread: all below is stored.
    void storedTo(long offset) {
        if (production != null) {
            production.stored(offset);
        }
    }

    /// Shard's thread: everything below was handed to live readers, everything from here on will
    /// be.
    public long dispatchedOffset() {
        return outflow.dispatched();
    }

    @Override
    public String toString() {
        return id.name() + "/" + number;
    }
}

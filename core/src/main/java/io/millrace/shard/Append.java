package io.millrace.shard;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.log.Marks;
import io.millrace.log.ProducedBatch;
import io.millrace.log.RecordBody;
import io.millrace.producer.TransactionEnd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Events, other records, or a producer's batch for one partition that are stored together or not
/// at all; or the end of a transaction.
///
/// Created by a publisher, handed to the shard, answered there once; not used again.
public final class Append extends Command {
    /// What an append costs in memory besides its bytes, roughly: the event, its strings, the
    /// reply.
    static final int OVERHEAD_BYTES = 512;

    private static final int MARKER_BYTES = 78;

    /// One event on its way into the log.
    ///
    /// @param event what live readers get, so that nothing is read back
    /// @param body what the log gets, encoded on the publisher's thread
    /// @param marks what its publisher said about it besides
    public record Entry(Context context, Event event, RecordBody body, Marks marks) {
        /// One without marks.
        public Entry(Context context, Event event, RecordBody body) {
            this(context, event, body, Marks.NONE);
        }
    }

    /// Hears of the outcome on the shard's thread, once.
    public interface Reply {
        /// What was handed over waits to be written. Who has a thread for that has it written, here
        /// and now or soon: the thread takes the shard's place for a moment, and what comes until
        /// then is written with it.
        ///
        /// @param write may be run more than once, and must be run at least once if this says so,
        ///   by any thread that holds no lock and is not interrupted
        /// @return whether it will be run; the shard's own thread is woken else
        default boolean lend(Runnable write) {
            return false;
        }

        /// @param baseOffset the first entry's; the others follow without a gap
        void stored(Append append, long baseOffset);

        void failed(Append append, MillraceException problem);
    }

    private final Partition partition;
    private final List<Entry> entries;
    private final List<RecordBody> records;
    private final @Nullable ProducedBatch batch;
    private final List<ContextCount> contexts;
    private final @Nullable TransactionEnd transactionEnd;
    private final Reply reply;
    private final int bytes;

    /// Whether it was stored before.
    private boolean isKnown;

    private long baseOffset = -1;
    private long recordedMillis;

    /// @param entries at least one
    public Append(Partition partition, List<Entry> entries, Reply reply) {
        this(partition, entries, List.of(), reply);
    }

    private Append(
            Partition partition, List<Entry> entries, List<RecordBody> records, Reply reply) {
        this.partition = partition;
        this.entries = entries;
        this.records = records;
        this.batch = null;
        this.contexts = List.of();
        this.transactionEnd = null;
        this.reply = reply;
        int sum = 0;
        for (Entry entry : entries) {
            sum += entry.body().bytes().length;
        }
        for (RecordBody body : records) {
            sum += body.bytes().length;
        }
        this.bytes = sum;
    }

    private Append(
            Partition partition,
            @Nullable ProducedBatch batch,
            List<ContextCount> contexts,
            @Nullable TransactionEnd transactionEnd,
            Reply reply) {
        this.partition = partition;
        this.entries = List.of();
        this.records = List.of();
        this.batch = batch;
        this.contexts = contexts;
        this.transactionEnd = transactionEnd;
        this.reply = reply;
        this.bytes = batch == null ? MARKER_BYTES : batch.size();
    }

    /// A producer's batch, to be written as it is.
    ///
    /// @param contexts of its records
    public static Append ofBatch(
            Partition partition, ProducedBatch batch, List<ContextCount> contexts, Reply reply) {
        return new Append(partition, batch, contexts, null, reply);
    }

    /// The end of a producer's transaction.
    public static Append ofEnd(Partition partition, TransactionEnd end, Reply reply) {
        return new Append(partition, null, List.of(), end, reply);
    }

    /// Records that are no events, for a partition whose readers are its own.
    ///
    /// @param records at least one
    public static Append ofRecords(Partition partition, List<RecordBody> records, Reply reply) {
        return new Append(partition, List.of(), records, reply);
    }

    public Partition partition() {
        return partition;
    }

    /// The events; none if these are records of another kind.
    public List<Entry> entries() {
        return entries;
    }

    /// The producer's batch, if it is one.
    public @Nullable ProducedBatch batch() {
        return batch;
    }

    /// The contexts of the batch's records.
    public List<ContextCount> contexts() {
        return contexts;
    }

    /// How a transaction ends, if this says so.
    public @Nullable TransactionEnd transactionEnd() {
        return transactionEnd;
    }

    /// Whether it comes from a producer that counts its batches.
    boolean isProduced() {
        return batch != null || transactionEnd != null;
    }

    /// How many offsets it takes.
    public int count() {
        if (transactionEnd != null) {
            return 1;
        }
        return batch == null ? entries.size() + records.size() : batch.count();
    }

    void addBodiesTo(List<RecordBody> batch) {
        for (Entry entry : entries) {
            batch.add(entry.body());
        }
        batch.addAll(records);
    }

    /// The first entry's offset, once the log has given it.
    public long baseOffset() {
        return baseOffset;
    }

    public long recordedMillis() {
        return recordedMillis;
    }

    @Override
    int bytes() {
        return bytes;
    }

    void placed(long offset, long timestampMillis) {
        this.baseOffset = offset;
        this.recordedMillis = timestampMillis;
    }

    /// It is in the log already.
    void known(long offset) {
        this.baseOffset = offset;
        this.isKnown = true;
    }

    boolean isKnown() {
        return isKnown;
    }

    boolean lend(Runnable write) {
        return reply.lend(write);
    }

    void stored() {
        reply.stored(this, baseOffset);
    }

    void failed(MillraceException problem) {
        reply.failed(this, problem);
    }
}

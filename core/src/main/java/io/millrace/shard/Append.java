package io.millrace.shard;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.log.RecordBody;
import java.util.List;

/// Events, or other records, for one partition that are stored together or not at all.
///
/// Created by a publisher, handed to the shard, answered there once; not used again.
public final class Append extends Command {
    /// What an append costs in memory besides its bytes, roughly: the event, its strings, the
    /// reply.
    static final int OVERHEAD_BYTES = 512;

    /// One event on its way into the log.
    ///
    /// @param event what live readers get, so that nothing is read back
    /// @param body what the log gets, encoded on the publisher's thread
    public record Entry(Context context, Event event, RecordBody body) {}

    /// Hears of the outcome on the shard's thread, once.
    public interface Reply {
        /// @param baseOffset the first entry's; the others follow without a gap
        void stored(Append append, long baseOffset);

        void failed(Append append, MillraceException problem);
    }

    private final Partition partition;
    private final List<Entry> entries;
    private final List<RecordBody> records;
    private final Reply reply;
    private final int bytes;

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

    /// How many offsets it takes.
    public int count() {
        return entries.size() + records.size();
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

    void stored() {
        reply.stored(this, baseOffset);
    }

    void failed(MillraceException problem) {
        reply.failed(this, problem);
    }
}

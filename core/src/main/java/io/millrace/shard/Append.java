package io.millrace.shard;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.log.RecordBody;
import java.util.List;

/// Events for one partition that are stored together or not at all.
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
    private final Reply reply;
    private final int bytes;

    private long baseOffset = -1;
    private long recordedMillis;

    /// @param entries at least one
    public Append(Partition partition, List<Entry> entries, Reply reply) {
        this.partition = partition;
        this.entries = entries;
        this.reply = reply;
        int sum = 0;
        for (Entry entry : entries) {
            sum += entry.body().bytes().length;
        }
        this.bytes = sum;
    }

    public Partition partition() {
        return partition;
    }

    public List<Entry> entries() {
        return entries;
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

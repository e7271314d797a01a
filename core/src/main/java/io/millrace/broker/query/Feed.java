package io.millrace.broker.query;

import io.millrace.log.EventOrigin;
import io.millrace.log.LogSlice;
import io.millrace.log.ReadBuffer;
import io.millrace.shard.Partition;

/// A partition as a query reads it: straight from the log, past nobody. Thread-safe.
public final class Feed {
    private final Partition partition;
    private final boolean isCompacted;

    Feed(Partition partition, boolean isCompacted) {
        this.partition = partition;
        this.isCompacted = isCompacted;
    }

    /// Unique, also among earlier streams of the same name: `events.1/0`.
    public String id() {
        return partition.streamId() + "/" + partition.number();
    }

    public String stream() {
        return partition.stream();
    }

    public int partition() {
        return partition.number();
    }

    /// What the events of its records depend on besides the records.
    public EventOrigin origin() {
        return partition.origin();
    }

    /// Whether only the latest record of each key is kept in the long run.
    public boolean isCompacted() {
        return isCompacted;
    }

    /// The oldest offset that can be read.
    public long startOffset() {
        return partition.log().startOffset();
    }

    /// The offset that readers may read up to, exclusive.
    public long readableOffset() {
        return partition.log().readableOffset();
    }

    /// The offset up to which everything is stored, exclusive: transactions may hide some of it.
    public long storedOffset() {
        return partition.log().storedOffset();
    }

    /// The first readable offset whose record was recorded at that time or later.
    public long offsetAt(long timestampMillis) {
        return partition.log().offsetAt(timestampMillis);
    }

    /// The first readable offset behind damage that [#read] met.
    public long nextIntactOffset(long offset) {
        return partition.log().nextIntactOffset(offset);
    }

    /// Reads whole batches, see [Log#read].
    ///
    /// @throws io.millrace.error.MillraceException as there
    public LogSlice read(long offset, ReadBuffer buffer) {
        return partition.log().read(offset, buffer);
    }

    /// Has an action run whenever more has become readable, on the shard's thread, which must not
    /// be kept waiting.
    public void watch(Runnable action) {
        partition.watch(action);
    }

    public void unwatch(Runnable action) {
        partition.unwatch(action);
    }
}

package io.millrace.broker.query;

import io.millrace.log.EventOrigin;
import io.millrace.log.LogSlice;
import io.millrace.log.ReadBuffer;
import io.millrace.shard.Partition;

/// A partition of this process: straight from the log, past nobody.
final class PartitionFeed implements Feed {
    private final Partition partition;
    private final boolean isCompacted;

    PartitionFeed(Partition partition, boolean isCompacted) {
        this.partition = partition;
        this.isCompacted = isCompacted;
    }

    @Override
    public String id() {
        return partition.streamId() + "/" + partition.number();
    }

    @Override
    public String stream() {
        return partition.stream();
    }

    @Override
    public int partition() {
        return partition.number();
    }

    @Override
    public EventOrigin origin() {
        return partition.origin();
    }

    @Override
    public boolean isCompacted() {
        return isCompacted;
    }

    @Override
    public long startOffset() {
        return partition.log().startOffset();
    }

    @Override
    public long readableOffset() {
        return partition.log().readableOffset();
    }

    @Override
    public long storedOffset() {
        return partition.log().storedOffset();
    }

    @Override
    public long offsetAt(long timestampMillis) {
        return partition.log().offsetAt(timestampMillis);
    }

    @Override
    public long nextIntactOffset(long offset) {
        return partition.log().nextIntactOffset(offset);
    }

    @Override
    public LogSlice read(long offset, ReadBuffer buffer) {
        return partition.log().read(offset, buffer);
    }

    @Override
    public void watch(Runnable action, long offset) {
        partition.watch(action);
    }

    @Override
    public void unwatch(Runnable action) {
        partition.unwatch(action);
    }
}

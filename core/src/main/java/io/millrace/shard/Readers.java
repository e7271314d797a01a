package io.millrace.shard;

import io.millrace.log.LogRecord;

/// Hears of events that have become readable, on the shard's thread, in order within each
/// partition.
@FunctionalInterface
public interface Readers {
    void readable(Append append);

    /// Whether it is worth to decode what producers wrote; what is not handed over then has to be
    /// read by whoever wants it later.
    ///
    /// @param fromOffset where that begins
    default boolean wants(Partition partition, long fromOffset) {
        return false;
    }

    /// A record of a producer, or one that was read back because it could not be read when it was
    /// stored.
    ///
    /// @param record valid during the call
    default void readable(Partition partition, LogRecord record) {}

    /// Events from an offset on, up to the partition's dispatched offset, cannot be handed over:
    /// who wants them has to read them, and meets what is wrong there.
    default void missed(Partition partition, long fromOffset) {}
}

package io.millrace.broker.share;

import io.millrace.error.MillraceException;
import io.millrace.group.LeasedOffsets;
import io.millrace.group.OffsetLeases;
import io.millrace.group.SettleRange;
import io.millrace.log.LogRegion;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// What one share group drains of one topic: the cursors of a subscription over a stream's
/// partitions, or of a queue over its lanes. Thread-safe; nothing waits but what says so.
public interface Share {
    /// How long what is given out is leased.
    Duration lease();

    /// Whether the queue, the stream or the subscription is gone for good.
    boolean isGone();

    /// A consumer's place among those who wait for the same.
    ///
    /// @param called when there may be something; on another thread, briefly
    OffsetLeases.Place standBy(Runnable called);

    /// How much is wanted.
    ///
    /// @param max offsets in all
    /// @param bytesMax of their records together, roughly; a first one is given however large
    /// @param throughBatch whether the last batch is taken to its end, beyond the most if need be:
    ///   who fetches the records gets the whole batch anyway
    record Demand(int max, long bytesMax, boolean throughBatch) {
        /// What is left to be wanted when so many were given.
        public Demand less(int given) {
            return new Demand(max - given, bytesMax, throughBatch);
        }
    }

    /// Leases what can be had now. Partitions that are not there are left out.
    ///
    /// @return completes on a shard's thread, which must not be kept
    CompletableFuture<OffsetLeases.Tried> lease(Collection<Integer> partitions, Demand demand);

    /// Settles leases of one partition, all of them or, if one does not hold, none.
    ///
    /// @param ranges no two with an offset in common
    /// @return whether all held; on a shard's thread, once it is as safe as the topic promises
    CompletableFuture<Boolean> settle(int partition, List<SettleRange> ranges);

    /// Gives leases back without a delay, those that hold still.
    ///
    /// @return complete when that is done, on a shard's thread
    CompletableFuture<Boolean> release(int partition, List<SettleRange> ranges);

    /// The stored batches in which leased records lie, as they are, each once and in order; other
    /// records may be in them as well. Waits for the disk.
    ///
    /// @return to be closed when it has been sent
    /// @throws MillraceException DISK_READ_FAILED, PARTITION_CORRUPT, OFFSET_OUT_OF_RANGE,
    ///   PARTITION_NOT_FOUND
    LogRegion batches(int partition, List<LeasedOffsets.Run> runs);

    /// How far a partition is drained.
    ///
    /// @param start the oldest offset that is not settled
    /// @param pending how many are not settled
    record Progress(int partition, long start, long pending) {}

    /// Of the partitions that have a cursor. Waits for shards.
    List<Progress> progress();

    /// Whether [#seek] can be used: not with a queue, whose jobs are settled once and for all.
    boolean isSeekable();

    /// Goes on at another offset. What was leased is so no more. Waits until that is on disk.
    ///
    /// @throws MillraceException RESOURCE_CONFLICT for a queue, PARTITION_NOT_FOUND
    void seek(int partition, long offset);
}

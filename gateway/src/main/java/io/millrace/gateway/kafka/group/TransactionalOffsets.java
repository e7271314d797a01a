package io.millrace.gateway.kafka.group;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Offsets that transactions commit, as the transaction coordinator sees them. Thread-safe.
///
/// Offsets of a transaction are durable but pending from the `TxnOffsetCommit` on, until the
/// transaction's end is told here; nobody else gets them before, and who asks for stable offsets is
/// told to wait.
public interface TransactionalOffsets {
    /// Ends the transactions of a producer up to an epoch, in all groups: their pending offsets
    /// become the committed ones, or are forgotten. Doing it again changes nothing, so that a
    /// coordinator that does not know whether it has been done, does it again. From now on offsets
    /// of lower epochs are refused.
    ///
    /// @param epoch of the marker: pending offsets of this epoch or a lower one are meant
    /// @return done once it is on disk, on the thread of the groups; fails with what the table
    ///   fails with, or OVERLOADED while the groups are being read, and can be repeated
    CompletableFuture<@Nullable Void> complete(long producerId, short epoch, boolean isCommit);

    /// The producers that have pending offsets, for a coordinator that starts and wants to find
    /// those that it knows nothing of.
    ///
    /// @return fails as [#complete] does
    CompletableFuture<Set<Long>> producersWithPending();
}

package io.millrace.gateway.kafka.transaction;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Offsets of groups that belong to transactions. Thread-safe.
public interface TransactionalOffsets {
    /// Makes all offsets that a producer committed in its transaction count, or none of them. May
    /// be asked for again after a crash, also when nothing is left to do.
    ///
    /// @param producerEpoch that of the end: offsets of the transaction were committed with this
    ///   one or a lower one
    /// @return done once that is durable; when it fails it is asked for again
    CompletableFuture<@Nullable Void> complete(
            long producerId, short producerEpoch, boolean isCommit);
}

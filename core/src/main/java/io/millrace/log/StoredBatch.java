package io.millrace.log;

import org.jspecify.annotations.Nullable;

/// What the header of a stored batch says. A view that is reused: valid during one call of
/// [BatchVisitor#batch].
public interface StoredBatch {
    long baseOffset();

    /// The offset after the batch's last.
    long endOffset();

    /// -1 if the producer is not idempotent, or the server itself wrote the batch.
    long producerId();

    short producerEpoch();

    /// The sequence number of the first record; means nothing without a producer's id.
    int baseSequence();

    /// The latest time of its records in milliseconds since 1970.
    long maxTimestampMillis();

    boolean isTransactional();

    /// How a transaction ended, if that is what the batch says.
    @Nullable Marker marker();

    /// The end of a transaction of [#producerId].
    record Marker(boolean isCommit, int coordinatorEpoch) {}
}

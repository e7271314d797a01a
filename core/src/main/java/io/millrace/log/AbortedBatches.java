package io.millrace.log;

/// Which stored batches of transactions were aborted, so that readers of records never see them.
/// Thread-safe; asked for transactional batches below [Log#readableOffset] only.
@FunctionalInterface
public interface AbortedBatches {
    /// @param baseOffset the first offset of the batch
    boolean isAborted(long producerId, long baseOffset);
}

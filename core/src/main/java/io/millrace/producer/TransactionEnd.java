package io.millrace.producer;

/// How a producer's transaction ends in a partition.
///
/// @param coordinatorEpoch rises when another coordinator takes over; an older one is refused
public record TransactionEnd(
        long producerId, short producerEpoch, int coordinatorEpoch, boolean isCommit) {}

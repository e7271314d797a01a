package io.millrace.gateway.kafka.fetch;

import org.apache.kafka.common.message.FetchRequestData.FetchPartition;

/// What a client wants of one partition.
///
/// @param offset of the first record
/// @param bytesMax at most so many, but one batch at least
/// @param leaderEpoch that the client knows; negative if none
record FetchTarget(PartitionKey key, long offset, int bytesMax, int leaderEpoch) {
    static FetchTarget of(PartitionKey key, FetchPartition partition) {
        return new FetchTarget(
                key,
                partition.fetchOffset(),
                partition.partitionMaxBytes(),
                partition.currentLeaderEpoch());
    }
}

package io.millrace.stream;

import io.millrace.event.Context;
import io.millrace.shard.Partition;
import io.millrace.shard.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// An open stream: where it is mounted, and its partitions with the shards that write them.
/// Immutable.
///
/// @param name unique
/// @param mount the context below which, and at which, events belong to it
/// @param compacted whether the log keeps only the latest record of each key, so that every record
///   needs one
/// @param partitions indexed by their numbers
/// @param shards the shard of each partition
/// @param topic what Kafka's clients call it
/// @param topicId of this one only
/// @param batchBytesMax size of a producer's batch
public record Stream(
        String name,
        Context mount,
        boolean compacted,
        List<Partition> partitions,
        List<Shard> shards,
        String topic,
        UUID topicId,
        int batchBytesMax) {
    public Stream {
        partitions = List.copyOf(partitions);
        shards = List.copyOf(shards);
    }

    /// The partition of events with that key.
    public int partitionOf(String key) {
        return Partitioner.partition(key, partitions.size());
    }

    /// The partitions that a shard writes.
    public List<Partition> partitionsOn(Shard shard) {
        List<Partition> own = new ArrayList<>();
        for (int i = 0; i < partitions.size(); i++) {
            if (shards.get(i) == shard) {
                own.add(partitions.get(i));
            }
        }
        return own;
    }
}

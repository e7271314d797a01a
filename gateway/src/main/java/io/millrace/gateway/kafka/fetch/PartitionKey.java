package io.millrace.gateway.kafka.fetch;

import org.apache.kafka.common.Uuid;

/// A partition as a client names it.
///
/// @param topic empty if the topic is named by its id
/// @param id zero if the topic is named by its name
record PartitionKey(String topic, Uuid id, int partition) implements Comparable<PartitionKey> {
    /// Any order: hash tables use it for keys that somebody has chosen to have the same hash.
    @Override
    public int compareTo(PartitionKey other) {
        int byPartition = Integer.compare(partition, other.partition);
        if (byPartition != 0) {
            return byPartition;
        }
        int byTopic = topic.compareTo(other.topic);
        return byTopic != 0 ? byTopic : id.compareTo(other.id);
    }

    boolean isById() {
        return topic.isEmpty();
    }
}

package io.millrace.gateway.kafka.fetch;

import org.apache.kafka.common.Uuid;

/// A partition as a client names it.
///
/// @param topic empty if the topic is named by its id
/// @param id zero if the topic is named by its name
record PartitionKey(String topic, Uuid id, int partition) {
    boolean isById() {
        return topic.isEmpty();
    }
}

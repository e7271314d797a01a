package io.millrace.gateway.kafka.group;

import io.millrace.broker.Topics;
import io.millrace.broker.Topics.Topic;
import io.millrace.gateway.kafka.group.consumer.Catalog;
import io.millrace.security.Principal;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Topics as requests name them, by name or, in the latest versions, by id. Thread-safe.
///
/// @param principal who asks
/// @param isById whether the request has ids
record TopicLookup(Topics topics, Principal principal, boolean isById) {
    @Nullable Topic find(@Nullable String name, Uuid id) {
        if (isById) {
            return topics.find(principal, Catalog.id(id));
        }
        return name == null ? null : topics.find(principal, name);
    }

    /// What is wrong with a partition.
    Errors check(@Nullable Topic topic, int partition) {
        if (topic == null) {
            return isById ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return partition < 0 || partition >= topic.partitions()
                ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                : Errors.NONE;
    }
}

package io.millrace.broker.topic;

import io.millrace.event.Context;
import io.millrace.log.Durability;
import java.time.Duration;

/// What topics are like that say nothing about it.
///
/// @param below topics that Kafka's clients create are mounted below this context
/// @param partitions of a new topic
/// @param durability of a topic without `flush.messages`
/// @param producerExpiry after which a producer that does nothing is forgotten
public record TopicSettings(
        Context below, int partitions, Durability durability, Duration producerExpiry) {
    public static final TopicSettings DEFAULT =
            new TopicSettings(Context.of("/topics"), 4, Durability.SYNCED, Duration.ofDays(1));

    public TopicSettings {
        if (partitions < 1 || producerExpiry.isNegative()) {
            throw new IllegalArgumentException("a topic needs a partition, and time to live");
        }
    }
}

package io.millrace.broker.topic;

import io.millrace.event.Context;
import io.millrace.log.Durability;
import io.millrace.resource.TopicConfig;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

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

    /// The same in Kafka's names for the configurations of a broker.
    public Map<String, String> configs() {
        TreeMap<String, String> configs = new TreeMap<>();
        configs.put("num.partitions", Integer.toString(partitions));
        configs.put(
                "log.flush.interval.messages",
                switch (durability) {
                    case SYNCED -> "1";
                    case BUFFERED -> TopicConfig.FLUSH_MESSAGES.byDefault();
                });
        configs.put("log.cleanup.policy", TopicConfig.CLEANUP_POLICY.byDefault());
        configs.put("log.retention.ms", TopicConfig.RETENTION_MS.byDefault());
        configs.put("log.retention.bytes", TopicConfig.RETENTION_BYTES.byDefault());
        configs.put("log.segment.bytes", TopicConfig.SEGMENT_BYTES.byDefault());
        configs.put("log.roll.ms", TopicConfig.SEGMENT_MS.byDefault());
        configs.put("log.message.timestamp.type", TopicConfig.TIMESTAMP_TYPE.byDefault());
        configs.put("message.max.bytes", TopicConfig.MAX_MESSAGE_BYTES.byDefault());
        configs.put("compression.type", TopicConfig.COMPRESSION_TYPE.byDefault());
        return configs;
    }
}

package io.millrace.gateway.kafka.admin;

import io.millrace.gateway.kafka.admin.ConfigValue.ValueType;
import io.millrace.resource.TopicConfig;

/// What there is to know about the configurations of topics.
enum KnownTopicConfig {
    CLEANUP_POLICY(
            TopicConfig.CLEANUP_POLICY,
            ValueType.LIST,
            "Whether old records are deleted, or only the latest of each key is kept."),
    COMPRESSION_TYPE(
            TopicConfig.COMPRESSION_TYPE,
            ValueType.STRING,
            "Batches are stored as producers compressed them."),
    DELETE_RETENTION_MS(
            TopicConfig.DELETE_RETENTION_MS,
            ValueType.LONG,
            "How long a compacted topic keeps deletions, in milliseconds."),
    FILE_DELETE_DELAY_MS(
            TopicConfig.FILE_DELETE_DELAY,
            ValueType.LONG,
            "Has no effect: files go when nobody reads them."),
    FLUSH_MESSAGES(
            TopicConfig.FLUSH_MESSAGES,
            ValueType.LONG,
            "1 if records are on disk before they are acknowledged; the largest number if the "
                    + "page cache is enough."),
    FLUSH_MS(TopicConfig.FLUSH_MS, ValueType.LONG, "Has no effect: see flush.messages."),
    INDEX_INTERVAL_BYTES(
            TopicConfig.INDEX_INTERVAL, ValueType.INT, "Has no effect: the index follows batches."),
    MAX_COMPACTION_LAG_MS(TopicConfig.MAX_COMPACTION_LAG, ValueType.LONG, "Has no effect."),
    MAX_MESSAGE_BYTES(
            TopicConfig.MAX_MESSAGE_BYTES,
            ValueType.INT,
            "The largest record batch that is accepted, as it is compressed, in bytes."),
    MESSAGE_TIMESTAMP_AFTER_MAX_MS(
            TopicConfig.TIMESTAMP_AFTER_MAX,
            ValueType.LONG,
            "How far the time of a record may lie ahead of the server's clock, in milliseconds."),
    MESSAGE_TIMESTAMP_BEFORE_MAX_MS(
            TopicConfig.TIMESTAMP_BEFORE_MAX,
            ValueType.LONG,
            "How far the time of a record may lie behind the server's clock, in milliseconds."),
    MESSAGE_TIMESTAMP_TYPE(
            TopicConfig.TIMESTAMP_TYPE,
            ValueType.STRING,
            "Records keep the time that their producer gave them."),
    MIN_CLEANABLE_DIRTY_RATIO(TopicConfig.MIN_CLEANABLE_RATIO, ValueType.DOUBLE, "Has no effect."),
    MIN_COMPACTION_LAG_MS(TopicConfig.MIN_COMPACTION_LAG, ValueType.LONG, "Has no effect."),
    MIN_INSYNC_REPLICAS(
            TopicConfig.MIN_INSYNC_REPLICAS, ValueType.INT, "Has no effect: there is one copy."),
    PREALLOCATE(
            TopicConfig.PREALLOCATE,
            ValueType.BOOLEAN,
            "Has no effect: files are always prepared."),
    REMOTE_STORAGE_ENABLE(
            TopicConfig.REMOTE_STORAGE,
            ValueType.BOOLEAN,
            "Records are stored on this server only."),
    RETENTION_BYTES(
            TopicConfig.RETENTION_BYTES,
            ValueType.LONG,
            "The size of a partition from which the oldest records are deleted; -1 for no limit."),
    RETENTION_MS(
            TopicConfig.RETENTION_MS,
            ValueType.LONG,
            "The age from which records are deleted, in milliseconds; -1 for no limit."),
    SEGMENT_BYTES(
            TopicConfig.SEGMENT_BYTES,
            ValueType.INT,
            "The size of one file of a partition, in bytes."),
    SEGMENT_INDEX_BYTES(TopicConfig.SEGMENT_INDEX_BYTES, ValueType.INT, "Has no effect."),
    SEGMENT_JITTER_MS(TopicConfig.SEGMENT_JITTER, ValueType.LONG, "Has no effect."),
    SEGMENT_MS(
            TopicConfig.SEGMENT_MS,
            ValueType.LONG,
            "The age of a file from which the next is begun, in milliseconds."),
    UNCLEAN_LEADER_ELECTION_ENABLE(
            TopicConfig.UNCLEAN_ELECTION, ValueType.BOOLEAN, "Has no effect: there is one copy.");

    private final TopicConfig config;
    private final ValueType type;
    private final String documentation;

    KnownTopicConfig(TopicConfig config, ValueType type, String documentation) {
        this.config = config;
        this.type = type;
        this.documentation = documentation;
    }

    String key() {
        return config.key();
    }

    String byDefault() {
        return config.byDefault();
    }

    boolean isList() {
        return type == ValueType.LIST;
    }

    ConfigValue with(String value) {
        return new ConfigValue(
                key(), value, byDefault(), type, ConfigValue.Source.TOPIC, false, documentation);
    }
}

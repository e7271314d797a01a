package io.millrace.gateway.kafka.admin;

import io.millrace.gateway.kafka.admin.ConfigValue.ValueType;

/// What there is to know about the configurations of topics.
enum KnownTopicConfig {
    CLEANUP_POLICY(
            "cleanup.policy",
            "delete",
            ValueType.LIST,
            "Whether old records are deleted, or only the latest of each key is kept."),
    COMPRESSION_TYPE(
            "compression.type",
            "producer",
            ValueType.STRING,
            "Batches are stored as producers compressed them."),
    DELETE_RETENTION_MS(
            "delete.retention.ms",
            "86400000",
            ValueType.LONG,
            "How long a compacted topic keeps deletions, in milliseconds."),
    FILE_DELETE_DELAY_MS(
            "file.delete.delay.ms",
            "60000",
            ValueType.LONG,
            "Has no effect: files go when nobody reads them."),
    FLUSH_MESSAGES(
            "flush.messages",
            "9223372036854775807",
            ValueType.LONG,
            "1 if records are on disk before they are acknowledged; the largest number if the "
                    + "page cache is enough."),
    FLUSH_MS(
            "flush.ms",
            "9223372036854775807",
            ValueType.LONG,
            "Has no effect: see flush.messages."),
    INDEX_INTERVAL_BYTES(
            "index.interval.bytes",
            "4096",
            ValueType.INT,
            "Has no effect: the index follows batches."),
    MAX_COMPACTION_LAG_MS(
            "max.compaction.lag.ms", "9223372036854775807", ValueType.LONG, "Has no effect."),
    MAX_MESSAGE_BYTES(
            "max.message.bytes",
            "1048588",
            ValueType.INT,
            "The largest record batch that is accepted, as it is compressed, in bytes."),
    MESSAGE_TIMESTAMP_AFTER_MAX_MS(
            "message.timestamp.after.max.ms",
            "3600000",
            ValueType.LONG,
            "How far the time of a record may lie ahead of the server's clock, in milliseconds."),
    MESSAGE_TIMESTAMP_BEFORE_MAX_MS(
            "message.timestamp.before.max.ms",
            "9223372036854775807",
            ValueType.LONG,
            "How far the time of a record may lie behind the server's clock, in milliseconds."),
    MESSAGE_TIMESTAMP_TYPE(
            "message.timestamp.type",
            "CreateTime",
            ValueType.STRING,
            "Records keep the time that their producer gave them."),
    MIN_CLEANABLE_DIRTY_RATIO(
            "min.cleanable.dirty.ratio", "0.5", ValueType.DOUBLE, "Has no effect."),
    MIN_COMPACTION_LAG_MS("min.compaction.lag.ms", "0", ValueType.LONG, "Has no effect."),
    MIN_INSYNC_REPLICAS(
            "min.insync.replicas", "1", ValueType.INT, "Has no effect: there is one copy."),
    PREALLOCATE(
            "preallocate", "false", ValueType.BOOLEAN, "Has no effect: files are always prepared."),
    REMOTE_STORAGE_ENABLE(
            "remote.storage.enable",
            "false",
            ValueType.BOOLEAN,
            "Records are stored on this server only."),
    RETENTION_BYTES(
            "retention.bytes",
            "-1",
            ValueType.LONG,
            "The size of a partition from which the oldest records are deleted; -1 for no limit."),
    RETENTION_MS(
            "retention.ms",
            "604800000",
            ValueType.LONG,
            "The age from which records are deleted, in milliseconds; -1 for no limit."),
    SEGMENT_BYTES(
            "segment.bytes",
            "268435456",
            ValueType.INT,
            "The size of one file of a partition, in bytes."),
    SEGMENT_INDEX_BYTES("segment.index.bytes", "10485760", ValueType.INT, "Has no effect."),
    SEGMENT_JITTER_MS("segment.jitter.ms", "0", ValueType.LONG, "Has no effect."),
    SEGMENT_MS(
            "segment.ms",
            "86400000",
            ValueType.LONG,
            "The age of a file from which the next is begun, in milliseconds."),
    UNCLEAN_LEADER_ELECTION_ENABLE(
            "unclean.leader.election.enable",
            "false",
            ValueType.BOOLEAN,
            "Has no effect: there is one copy.");

    private final String key;
    private final String byDefault;
    private final ValueType type;
    private final String documentation;

    KnownTopicConfig(String key, String byDefault, ValueType type, String documentation) {
        this.key = key;
        this.byDefault = byDefault;
        this.type = type;
        this.documentation = documentation;
    }

    String key() {
        return key;
    }

    String byDefault() {
        return byDefault;
    }

    boolean isList() {
        return type == ValueType.LIST;
    }

    ConfigValue with(String value) {
        return new ConfigValue(
                key, value, byDefault, type, ConfigValue.Source.TOPIC, false, documentation);
    }
}

package io.millrace.gateway.kafka.admin;

import io.millrace.gateway.kafka.admin.ConfigValue.ValueType;
import io.millrace.resource.TopicConfig;

/// What a server can say of itself in Kafka's names.
enum KnownServerConfig {
    ADVERTISED_LISTENERS(
            "advertised.listeners", "", ValueType.STRING, "Where clients reach the server."),
    AUTO_CREATE_TOPICS_ENABLE(
            "auto.create.topics.enable",
            "true",
            ValueType.BOOLEAN,
            "Whether a topic that is asked for is created."),
    BROKER_ID("broker.id", "0", ValueType.INT, "The number of this server."),
    COMPRESSION_TYPE(
            "compression.type",
            TopicConfig.COMPRESSION_TYPE,
            ValueType.STRING,
            "Batches are stored as producers compressed them."),
    DEFAULT_REPLICATION_FACTOR(
            "default.replication.factor", "1", ValueType.INT, "Copies of each record."),
    DELETE_TOPIC_ENABLE("delete.topic.enable", "true", ValueType.BOOLEAN, "Topics can be deleted."),
    GROUP_INITIAL_REBALANCE_DELAY_MS(
            "group.initial.rebalance.delay.ms",
            "3000",
            ValueType.INT,
            "How long a classic group without members waits for more when the first one joins."),
    GROUP_MAX_SESSION_TIMEOUT_MS(
            "group.max.session.timeout.ms",
            "1800000",
            ValueType.INT,
            "The longest time that a member of a group may be silent."),
    GROUP_MIN_SESSION_TIMEOUT_MS(
            "group.min.session.timeout.ms",
            "6000",
            ValueType.INT,
            "The shortest time after which a member of a group can be taken for gone."),
    LISTENERS("listeners", "", ValueType.LIST, "Where the server listens."),
    LOG_CLEANUP_POLICY(
            "log.cleanup.policy",
            TopicConfig.CLEANUP_POLICY,
            ValueType.LIST,
            "For topics that do not say otherwise."),
    LOG_FLUSH_INTERVAL_MESSAGES(
            "log.flush.interval.messages",
            TopicConfig.FLUSH_MESSAGES,
            ValueType.LONG,
            "1 if records are on disk when they are acknowledged, for topics that do not say"
                    + " otherwise."),
    LOG_MESSAGE_TIMESTAMP_TYPE(
            "log.message.timestamp.type",
            TopicConfig.TIMESTAMP_TYPE,
            ValueType.STRING,
            "Records keep the time that their producer gave them."),
    LOG_RETENTION_BYTES(
            "log.retention.bytes",
            TopicConfig.RETENTION_BYTES,
            ValueType.LONG,
            "For topics that do not say otherwise."),
    LOG_RETENTION_MS(
            "log.retention.ms",
            TopicConfig.RETENTION_MS,
            ValueType.LONG,
            "For topics that do not say otherwise."),
    LOG_ROLL_MS(
            "log.roll.ms",
            TopicConfig.SEGMENT_MS,
            ValueType.LONG,
            "After which a partition begins a new file, for topics that do not say otherwise."),
    LOG_SEGMENT_BYTES(
            "log.segment.bytes",
            TopicConfig.SEGMENT_BYTES,
            ValueType.INT,
            "The size of one file of a partition."),
    MESSAGE_MAX_BYTES(
            "message.max.bytes",
            TopicConfig.MAX_MESSAGE_BYTES,
            ValueType.INT,
            "The largest record batch, for topics that do not say otherwise."),
    MIN_INSYNC_REPLICAS(
            "min.insync.replicas",
            TopicConfig.MIN_INSYNC_REPLICAS,
            ValueType.INT,
            "There is one copy."),
    NODE_ID("node.id", "0", ValueType.INT, "The number of this server."),
    NUM_PARTITIONS(
            "num.partitions",
            "4",
            ValueType.INT,
            "Partitions of topics that do not say otherwise."),
    OFFSETS_RETENTION_MINUTES(
            "offsets.retention.minutes",
            "10080",
            ValueType.INT,
            "How long offsets of a group without members are kept."),
    OFFSETS_TOPIC_REPLICATION_FACTOR(
            "offsets.topic.replication.factor",
            "1",
            ValueType.INT,
            "Offsets are kept on this server only."),
    PROCESS_ROLES(
            "process.roles",
            "broker,controller",
            ValueType.LIST,
            "There is one server, which does everything."),
    TRANSACTION_MAX_TIMEOUT_MS(
            "transaction.max.timeout.ms",
            "900000",
            ValueType.INT,
            "The longest time that a producer may allow its transactions."),
    TRANSACTION_STATE_LOG_MIN_ISR(
            "transaction.state.log.min.isr",
            "1",
            ValueType.INT,
            "Transactions are kept on this server only."),
    TRANSACTION_STATE_LOG_REPLICATION_FACTOR(
            "transaction.state.log.replication.factor",
            "1",
            ValueType.INT,
            "Transactions are kept on this server only."),
    TRANSACTIONAL_ID_EXPIRATION_MS(
            "transactional.id.expiration.ms",
            "604800000",
            ValueType.INT,
            "How long a transactional id that nobody uses is known."),
    UNCLEAN_LEADER_ELECTION_ENABLE(
            "unclean.leader.election.enable",
            TopicConfig.UNCLEAN_ELECTION,
            ValueType.BOOLEAN,
            "There is one copy.");

    private final String key;
    private final String byDefault;
    private final ValueType type;
    private final String documentation;

    KnownServerConfig(String key, String byDefault, ValueType type, String documentation) {
        this.key = key;
        this.byDefault = byDefault;
        this.type = type;
        this.documentation = documentation;
    }

    /// One that holds for topics that do not say otherwise.
    KnownServerConfig(String key, TopicConfig topic, ValueType type, String documentation) {
        this(key, topic.byDefault(), type, documentation);
    }

    String key() {
        return key;
    }

    String byDefault() {
        return byDefault;
    }

    ConfigValue with(String value) {
        return new ConfigValue(
                key, value, byDefault, type, ConfigValue.Source.SERVER, true, documentation);
    }
}

package io.millrace.gateway.kafka.admin;

import io.millrace.gateway.kafka.admin.ConfigValue.ValueType;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What can be set for one consumer group or share group.
public enum GroupConfig {
    CONSUMER_SESSION_TIMEOUT(
            "consumer.session.timeout.ms",
            "45000",
            Rule.MILLIS,
            "How long a member of a consumer group may be silent before it is taken for gone."),
    CONSUMER_HEARTBEAT_INTERVAL(
            "consumer.heartbeat.interval.ms",
            "5000",
            Rule.MILLIS,
            "How often members of a consumer group are asked to show themselves."),
    SHARE_SESSION_TIMEOUT(
            "share.session.timeout.ms",
            "45000",
            Rule.MILLIS,
            "How long a member of a share group may be silent before it is taken for gone."),
    SHARE_HEARTBEAT_INTERVAL(
            "share.heartbeat.interval.ms",
            "5000",
            Rule.MILLIS,
            "How often members of a share group are asked to show themselves."),
    SHARE_RECORD_LOCK_DURATION(
            "share.record.lock.duration.ms",
            "30000",
            Rule.MILLIS,
            "How long a member of a share group has a record to itself."),
    SHARE_DELIVERY_COUNT_LIMIT(
            "share.delivery.count.limit",
            "5",
            Rule.COUNT,
            "How often a record is given out by a share group."),
    SHARE_PARTITION_RECORD_LOCKS_MAX(
            "share.partition.max.record.locks",
            "2000",
            Rule.COUNT,
            "How many records of a partition a share group gives out at a time."),
    SHARE_AUTO_OFFSET_RESET(
            "share.auto.offset.reset",
            "latest",
            Rule.OFFSET_RESET,
            "Where a new share group begins: earliest, latest, or by_duration: and an ISO 8601"
                    + " duration before now."),
    SHARE_ISOLATION_LEVEL(
            "share.isolation.level",
            "read_uncommitted",
            Rule.ISOLATION,
            "Whether a share group sees records of transactions before they are committed."),
    SHARE_RENEW_ENABLE(
            "share.renew.acknowledge.enable",
            "true",
            Rule.BOOLEAN,
            "Whether members of a share group may keep a record for longer.");

    private static final String BY_DURATION = "by_duration:";
    private static final int MILLIS_MIN = 100;
    private static final int MILLIS_MAX = 3_600_000;
    private static final int COUNT_MAX = 100_000;

    private enum Rule {
        MILLIS,
        COUNT,
        OFFSET_RESET,
        ISOLATION,
        BOOLEAN
    }

    private final String key;
    private final String byDefault;
    private final Rule rule;
    private final String documentation;

    GroupConfig(String key, String byDefault, Rule rule, String documentation) {
        this.key = key;
        this.byDefault = byDefault;
        this.rule = rule;
        this.documentation = documentation;
    }

    /// Kafka's name for it.
    public String key() {
        return key;
    }

    /// What holds where nothing is said.
    public String byDefault() {
        return byDefault;
    }

    static @Nullable GroupConfig of(String key) {
        for (GroupConfig each : values()) {
            if (each.key.equals(key)) {
                return each;
            }
        }
        return null;
    }

    /// Why a value cannot be, as a sentence without its subject; `null` if it can.
    @Nullable String problem(String value) {
        return switch (rule) {
            case MILLIS ->
                    isWhole(value, MILLIS_MIN, MILLIS_MAX)
                            ? null
                            : "must be a whole number of milliseconds from %d to %d"
                                    .formatted(MILLIS_MIN, MILLIS_MAX);
            case COUNT ->
                    isWhole(value, 1, COUNT_MAX)
                            ? null
                            : "must be a whole number from 1 to %d".formatted(COUNT_MAX);
            case OFFSET_RESET ->
                    isReset(value)
                            ? null
                            : "must be earliest, latest, or by_duration: and a duration such as"
                                    + " PT1H";
            case ISOLATION ->
                    value.equals("read_committed") || value.equals("read_uncommitted")
                            ? null
                            : "must be read_committed or read_uncommitted";
            case BOOLEAN ->
                    value.equals("true") || value.equals("false") ? null : "must be true or false";
        };
    }

    private static boolean isWhole(String value, int min, int max) {
        try {
            int number = Integer.parseInt(value);
            return number >= min && number <= max;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private static boolean isReset(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (!lower.startsWith(BY_DURATION)) {
            return lower.equals("earliest") || lower.equals("latest");
        }
        try {
            return !Duration.parse(value.substring(BY_DURATION.length())).isNegative();
        } catch (DateTimeException _) {
            return false;
        }
    }

    ConfigValue with(String value) {
        ValueType type =
                switch (rule) {
                    case MILLIS, COUNT -> ValueType.INT;
                    case OFFSET_RESET, ISOLATION -> ValueType.STRING;
                    case BOOLEAN -> ValueType.BOOLEAN;
                };
        return new ConfigValue(
                key, value, byDefault, type, ConfigValue.Source.GROUP, false, documentation);
    }
}

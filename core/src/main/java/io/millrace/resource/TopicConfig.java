package io.millrace.resource;

import io.millrace.event.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Kafka's configurations of a topic: which there are, and which values hold here. Those that a
/// stream has a field for are translated by [TopicMapping]; the others are kept as they are.
public enum TopicConfig {
    CLEANUP_POLICY("cleanup.policy", "delete", Rule.POLICY),
    RETENTION_MS("retention.ms", "604800000", Rule.AGE),
    RETENTION_BYTES("retention.bytes", "-1", Rule.BYTES_OR_NONE),
    FLUSH_MESSAGES("flush.messages", "9223372036854775807", Rule.POSITIVE),
    MAX_MESSAGE_BYTES("max.message.bytes", "1048588", Rule.INT),
    SEGMENT_BYTES("segment.bytes", "268435456", Rule.SEGMENT),
    SEGMENT_MS("segment.ms", "86400000", Rule.POSITIVE),
    DELETE_RETENTION_MS("delete.retention.ms", "86400000", Rule.NUMBER),
    TIMESTAMP_TYPE("message.timestamp.type", "CreateTime", Rule.ONLY),
    COMPRESSION_TYPE("compression.type", "producer", Rule.ONLY),
    REMOTE_STORAGE("remote.storage.enable", "false", Rule.ONLY),
    TIMESTAMP_AFTER_MAX("message.timestamp.after.max.ms", "3600000", Rule.ONLY),
    // What follows is accepted because tools set it, and has no effect: there is one copy, one way
    // to flush, and one to compact.
    MIN_INSYNC_REPLICAS("min.insync.replicas", "1", Rule.POSITIVE),
    MIN_COMPACTION_LAG("min.compaction.lag.ms", "0", Rule.NUMBER),
    MAX_COMPACTION_LAG("max.compaction.lag.ms", "9223372036854775807", Rule.POSITIVE),
    MIN_CLEANABLE_RATIO("min.cleanable.dirty.ratio", "0.5", Rule.RATIO),
    TIMESTAMP_BEFORE_MAX("message.timestamp.before.max.ms", "9223372036854775807", Rule.NUMBER),
    FLUSH_MS("flush.ms", "9223372036854775807", Rule.NUMBER),
    FILE_DELETE_DELAY("file.delete.delay.ms", "60000", Rule.NUMBER),
    INDEX_INTERVAL("index.interval.bytes", "4096", Rule.INT),
    SEGMENT_INDEX_BYTES("segment.index.bytes", "10485760", Rule.INT),
    SEGMENT_JITTER("segment.jitter.ms", "0", Rule.NUMBER),
    PREALLOCATE("preallocate", "false", Rule.BOOLEAN),
    UNCLEAN_ELECTION("unclean.leader.election.enable", "false", Rule.BOOLEAN);

    private enum Rule {
        POLICY,
        AGE,
        BYTES_OR_NONE,
        POSITIVE,
        NUMBER,
        INT,
        SEGMENT,
        RATIO,
        BOOLEAN,
        ONLY
    }

    private static final int SEGMENT_BYTES_MIN = 1 << 20;

    private final String key;
    private final String byDefault;
    private final Rule rule;

    TopicConfig(String key, String byDefault, Rule rule) {
        this.key = key;
        this.byDefault = byDefault;
        this.rule = rule;
    }

    /// Kafka's name for it.
    public String key() {
        return key;
    }

    /// What holds where nothing is said.
    public String byDefault() {
        return byDefault;
    }

    /// The one of that name, `null` if it is not known here.
    public static @Nullable TopicConfig of(String key) {
        for (TopicConfig each : values()) {
            if (each.key.equals(key)) {
                return each;
            }
        }
        return null;
    }

    /// What is wrong with a configuration as a sentence without its subject; `null` if nothing is.
    public static @Nullable String problem(String key, String value) {
        TopicConfig config = of(key);
        if (config == null) {
            return "is no configuration of a topic that this server knows";
        }
        return config.allows(value)
                ? null
                : "%s, but is \"%s\"".formatted(config.expected(), Quoted.shortened(value));
    }

    private boolean allows(String value) {
        return switch (rule) {
            case POLICY -> isPolicy(value);
            case AGE -> isNumber(value, -1, Long.MAX_VALUE) && !value.equals("0");
            case BYTES_OR_NONE -> isNumber(value, -1, Long.MAX_VALUE) && !value.equals("0");
            case POSITIVE -> isNumber(value, 1, Long.MAX_VALUE);
            case NUMBER -> isNumber(value, 0, Long.MAX_VALUE);
            case INT -> isNumber(value, 0, Integer.MAX_VALUE);
            case SEGMENT -> isNumber(value, 1, Integer.MAX_VALUE);
            case RATIO -> isRatio(value);
            case BOOLEAN -> value.equals("true") || value.equals("false");
            case ONLY -> value.equals(byDefault);
        };
    }

    private String expected() {
        return switch (rule) {
            case POLICY -> "must be delete, compact, or both with a comma between them";
            case AGE, BYTES_OR_NONE -> "must be a whole number above 0, or -1 for no limit";
            case POSITIVE -> "must be a whole number of at least 1";
            case NUMBER -> "must be a whole number of at least 0";
            case INT -> "must be a whole number from 0 to 2147483647";
            case SEGMENT -> "must be a whole number from 1 to 2147483647";
            case RATIO -> "must be a number from 0 to 1";
            case BOOLEAN -> "must be true or false";
            case ONLY -> "can only be %s here".formatted(byDefault);
        };
    }

    private static boolean isPolicy(String value) {
        List<String> words = policy(value);
        return !words.isEmpty() && List.of("compact", "delete").containsAll(words);
    }

    /// The words of a cleanup policy, sorted, each once.
    static List<String> policy(String value) {
        List<String> words = new ArrayList<>();
        for (String word : value.split(",", -1)) {
            if (!words.contains(word.strip())) {
                words.add(word.strip());
            }
        }
        words.sort(null);
        return words;
    }

    private static boolean isNumber(String value, long min, long max) {
        try {
            long number = Long.parseLong(value);
            return number >= min && number <= max;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private static boolean isRatio(String value) {
        try {
            double ratio = Double.parseDouble(value);
            return ratio >= 0 && ratio <= 1;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    /// A configuration as a number, from those that a stream keeps.
    public long number(Map<String, String> configs) {
        return Long.parseLong(configs.getOrDefault(key, byDefault));
    }

    /// The bytes at which a segment ends, which is never tiny.
    public static int segmentBytes(Map<String, String> configs) {
        return (int) Math.max(SEGMENT_BYTES_MIN, SEGMENT_BYTES.number(configs));
    }

    /// All defaults by name.
    static TreeMap<String, String> defaults() {
        TreeMap<String, String> all = new TreeMap<>();
        for (TopicConfig each : values()) {
            all.put(each.key, each.byDefault);
        }
        return all;
    }
}

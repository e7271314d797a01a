package io.millrace.resource;

import static io.millrace.resource.TopicConfig.CLEANUP_POLICY;
import static io.millrace.resource.TopicConfig.FLUSH_MESSAGES;
import static io.millrace.resource.TopicConfig.RETENTION_BYTES;
import static io.millrace.resource.TopicConfig.RETENTION_MS;

import io.millrace.config.ByteSize;
import io.millrace.config.ProblemCollector;
import io.millrace.log.Durability;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A stream's fields in the words of Kafka's topic configurations, and back.
///
/// `cleanup.policy`, `retention.ms`, `retention.bytes` and `flush.messages` are fields of the
/// stream; all others are kept in its `topicConfig`, and so is what has no effect as things stand,
/// such as the retention of a topic that is only compacted.
public final class TopicMapping {
    private static final String COMPACT = "compact";
    private static final String BOTH = "compact,delete";
    private static final String NEVER = FLUSH_MESSAGES.byDefault();

    private TopicMapping() {}

    /// The configuration of a stream's topic, defaults included.
    public static Map<String, String> all(StreamResource stream) {
        TreeMap<String, String> all = TopicConfig.defaults();
        all.putAll(explicit(stream));
        return all;
    }

    /// The same for a queue's topic, of which nothing can be configured so.
    public static Map<String, String> ofQueue() {
        return TopicConfig.defaults();
    }

    private static TreeMap<String, String> explicit(StreamResource stream) {
        TreeMap<String, String> said = new TreeMap<>(stream.topicConfig());
        Duration time = stream.retentionTime();
        ByteSize size = stream.retentionSize();
        boolean isLimited = time != null || size != null;
        if (stream.cleanup() == Cleanup.COMPACT && !isLimited) {
            said.putIfAbsent(CLEANUP_POLICY.key(), COMPACT);
        } else {
            said.put(CLEANUP_POLICY.key(), stream.cleanup() == Cleanup.COMPACT ? BOTH : "delete");
            said.put(RETENTION_MS.key(), time == null ? "-1" : Long.toString(time.toMillis()));
            said.put(RETENTION_BYTES.key(), size == null ? "-1" : Long.toString(size.bytes()));
        }
        if (stream.durability() == Durability.SYNCED) {
            said.putIfAbsent(FLUSH_MESSAGES.key(), "1");
        } else {
            said.put(FLUSH_MESSAGES.key(), NEVER);
        }
        return said;
    }

    /// The stream with other configurations.
    ///
    /// @param changes by Kafka's names; `null` goes back to the default, also of what is not known
    ///   here: tools that copy a topic reset all configurations that a newer server has
    /// @param durability of topics that say nothing about it
    /// @param problems gets what is wrong, with the names; the result is the stream as it was then
    public static StreamResource with(
            StreamResource stream,
            Map<String, @Nullable String> changes,
            Durability durability,
            ProblemCollector problems) {
        int before = problems.size();
        TreeMap<String, String> said = explicit(stream);
        changes.forEach((key, value) -> {
            if (value == null) {
                said.remove(key);
                return;
            }
            String problem = TopicConfig.problem(key, value);
            if (problem == null) {
                said.put(key, value);
            } else {
                problems.add(key, problem);
            }
        });
        return problems.size() > before ? stream : resource(stream, said, durability);
    }

    private static StreamResource resource(
            StreamResource stream, TreeMap<String, String> said, Durability durability) {
        TreeMap<String, String> kept = new TreeMap<>(said);
        String policy =
                String.join(
                        ",", TopicConfig.policy(said.getOrDefault(CLEANUP_POLICY.key(), "delete")));
        Duration time = null;
        ByteSize size = null;
        kept.remove(CLEANUP_POLICY.key());
        if (!policy.equals(COMPACT)) {
            time = age(said.getOrDefault(RETENTION_MS.key(), RETENTION_MS.byDefault()));
            size = bytes(said.getOrDefault(RETENTION_BYTES.key(), RETENTION_BYTES.byDefault()));
            kept.remove(RETENTION_MS.key());
            kept.remove(RETENTION_BYTES.key());
            if (policy.equals(BOTH) && time == null && size == null) {
                kept.put(CLEANUP_POLICY.key(), BOTH);
            }
        }
        String flush = said.get(FLUSH_MESSAGES.key());
        Durability promised = durability;
        kept.remove(FLUSH_MESSAGES.key());
        if (flush != null) {
            promised = flush.equals(NEVER) ? Durability.BUFFERED : Durability.SYNCED;
            if (promised == Durability.SYNCED && !flush.equals("1")) {
                kept.put(FLUSH_MESSAGES.key(), flush);
            }
        }
        Cleanup cleanup = policy.equals("delete") ? Cleanup.DELETE : Cleanup.COMPACT;
        return new StreamResource(
                stream.name(),
                stream.mount(),
                stream.partitions(),
                promised,
                time,
                size,
                cleanup,
                stream.topic(),
                kept);
    }

    private static @Nullable Duration age(String millis) {
        return millis.equals("-1") ? null : Duration.ofMillis(Long.parseLong(millis));
    }

    private static @Nullable ByteSize bytes(String bytes) {
        return bytes.equals("-1") ? null : new ByteSize(Long.parseLong(bytes));
    }

    /// Whether what a stream keeps for its topic agrees with its fields.
    static boolean agrees(StreamResource stream) {
        ProblemCollector none = new ProblemCollector(io.millrace.error.ErrorCode.RESOURCE_INVALID);
        return with(stream, Map.of(), stream.durability(), none).equals(stream);
    }
}

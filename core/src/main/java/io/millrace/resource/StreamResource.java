package io.millrace.resource;

import io.millrace.config.ByteSize;
import io.millrace.config.Durations;
import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.Context;
import io.millrace.event.Quoted;
import io.millrace.log.Durability;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A stream as it is set up: a durable partitioned log, mounted on a context.
///
/// @param mount the stream holds the events at and below this context, unless a deeper mount does
/// @param partitions 1 to 256
/// @param retentionTime events older than this may go; `null` keeps them forever
/// @param retentionSize of one partition; the oldest events go when it is larger; `null` sets no
///   limit
/// @param topic what Kafka's clients call it; `null` if that is its name
/// @param topicConfig what Kafka's clients have configured and is in no other field, by Kafka's
///   names, see [TopicConfig]
public record StreamResource(
        String name,
        Context mount,
        int partitions,
        Durability durability,
        @Nullable Duration retentionTime,
        @Nullable ByteSize retentionSize,
        Cleanup cleanup,
        @Nullable String topic,
        SortedMap<String, String> topicConfig)
        implements Resource {
    public static final int PARTITIONS_MAX = 256;

    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private static final int PARTITIONS_DEFAULT = 4;
    private static final Duration RETENTION_DEFAULT = Duration.ofDays(7);
    private static final String FOREVER = "forever";
    private static final String UNLIMITED = "unlimited";

    public StreamResource {
        topicConfig = Collections.unmodifiableSortedMap(new TreeMap<>(topicConfig));
    }

    /// A stream that is a topic of its own name, with nothing to keep for it.
    public StreamResource(
            String name,
            Context mount,
            int partitions,
            Durability durability,
            @Nullable Duration retentionTime,
            @Nullable ByteSize retentionSize,
            Cleanup cleanup) {
        this(
                name,
                mount,
                partitions,
                durability,
                retentionTime,
                retentionSize,
                cleanup,
                null,
                new TreeMap<>());
    }

    /// What Kafka's clients call it.
    public String topicName() {
        return topic == null ? name : topic;
    }

    /// Whether Kafka's clients can call a topic so.
    public static boolean isTopicName(String name) {
        return TOPIC.matcher(name).matches() && !name.equals(".") && !name.equals("..");
    }

    /// Reads the fields of a document of this kind.
    ///
    /// @return `null` if something is wrong, which has been added to the problems then
    public static @Nullable StreamResource read(
            ResourceDocument document, ProblemCollector problems) {
        int before = problems.size();
        Fields fields = ResourceFields.of(document, ResourceKind.STREAM, problems);
        fields.require("mount");
        Context mount = mount(fields);
        Long partitions = fields.integer("partitions", 1, PARTITIONS_MAX);
        Durability durability = fields.oneOf("durability", Durability.class);
        Cleanup cleanup =
                Objects.requireNonNullElse(fields.oneOf("cleanup", Cleanup.class), Cleanup.DELETE);
        Fields retention = fields.object("retention");
        Duration time = time(retention, cleanup);
        ByteSize size = size(retention);
        retention.end();
        String topic = topic(fields, document.name());
        TreeMap<String, String> topicConfig = topicConfig(fields);
        fields.end();
        if (mount == null || problems.size() > before) {
            return null;
        }
        StreamResource read =
                new StreamResource(
                        document.name(),
                        mount,
                        partitions == null ? PARTITIONS_DEFAULT : partitions.intValue(),
                        Objects.requireNonNullElse(durability, Durability.SYNCED),
                        time,
                        size,
                        cleanup,
                        topic,
                        topicConfig);
        if (!TopicMapping.agrees(read)) {
            fields.wrong(
                    "topicConfig",
                    "contradicts the fields durability, retention and cleanup; leave out what they say");
            return null;
        }
        return read;
    }

    private static @Nullable String topic(Fields fields, String name) {
        String topic = fields.string("topic");
        if (topic != null && !isTopicName(topic)) {
            fields.wrong("topic", "must be 1 to 249 of a-z, A-Z, 0-9, ., _ and -");
        }
        return topic == null || topic.equals(name) ? null : topic;
    }

    private static TreeMap<String, String> topicConfig(Fields fields) {
        TreeMap<String, String> configs = new TreeMap<>(fields.texts("topicConfig"));
        configs.forEach((key, value) -> {
            String problem = TopicConfig.problem(key, value);
            if (problem != null) {
                fields.wrong("topicConfig." + Quoted.shortened(key), problem);
            }
        });
        return configs;
    }

    private static @Nullable Context mount(Fields fields) {
        String path = fields.string("mount");
        if (path == null) {
            return null;
        }
        if (path.contains("//") || (path.length() > 1 && path.endsWith("/"))) {
            fields.wrong("mount", "must not have empty segments; write it without a / at its end");
            return null;
        }
        try {
            return Context.of(path);
        } catch (MillraceException e) {
            for (Problem problem : e.problems()) {
                fields.wrong("mount", problem.detail());
            }
            return null;
        }
    }

    /// Compaction alone keeps the latest of each key for good.
    private static @Nullable Duration time(Fields retention, Cleanup cleanup) {
        if (retention.is("time", FOREVER)) {
            return null;
        }
        Duration time = retention.duration("time");
        if (time != null && time.isZero()) {
            retention.wrong("time", "must be longer than 0s; to keep events write " + FOREVER);
        }
        boolean byDefault = time == null && cleanup == Cleanup.DELETE;
        return byDefault ? RETENTION_DEFAULT : time;
    }

    private static @Nullable ByteSize size(Fields retention) {
        if (retention.is("size", UNLIMITED)) {
            return null;
        }
        ByteSize size = retention.size("size");
        if (size != null && size.bytes() == 0) {
            retention.wrong("size", "must be larger than 0B; without a limit write " + UNLIMITED);
        }
        return size;
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.STREAM;
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("kind", kind().word());
        document.put("name", name);
        document.put("mount", mount.path());
        document.put("partitions", partitions);
        document.put("durability", Fields.word(durability));
        ObjectNode retention = document.putObject("retention");
        retention.put("time", retentionTime == null ? FOREVER : Durations.print(retentionTime));
        retention.put("size", retentionSize == null ? UNLIMITED : retentionSize.toString());
        document.put("cleanup", Fields.word(cleanup));
        if (topic != null) {
            document.put("topic", topic);
        }
        if (!topicConfig.isEmpty()) {
            ObjectNode kept = document.putObject("topicConfig");
            topicConfig.forEach(kept::put);
        }
        return document;
    }
}

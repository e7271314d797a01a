package io.millrace.gateway.kafka.admin;

import io.millrace.gateway.kafka.admin.ConfigValue.Source;
import io.millrace.gateway.kafka.admin.ConfigValue.ValueType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What there is to know about the configurations of topics. Immutable.
final class TopicConfigs {
    private final Map<String, Known> known =
            Stream.of(
                            known(
                                    "cleanup.policy",
                                    "delete",
                                    ValueType.LIST,
                                    "Whether old records are deleted, or only the latest of each key is kept."),
                            known(
                                    "compression.type",
                                    "producer",
                                    ValueType.STRING,
                                    "Batches are stored as producers compressed them."),
                            known(
                                    "delete.retention.ms",
                                    "86400000",
                                    ValueType.LONG,
                                    "How long a compacted topic keeps deletions, in milliseconds."),
                            known(
                                    "file.delete.delay.ms",
                                    "60000",
                                    ValueType.LONG,
                                    "Has no effect: files go when nobody reads them."),
                            known(
                                    "flush.messages",
                                    "9223372036854775807",
                                    ValueType.LONG,
                                    "1 if records are on disk before they are acknowledged; the largest number if the page cache is enough."),
                            known(
                                    "flush.ms",
                                    "9223372036854775807",
                                    ValueType.LONG,
                                    "Has no effect: see flush.messages."),
                            known(
                                    "index.interval.bytes",
                                    "4096",
                                    ValueType.INT,
                                    "Has no effect: the index follows batches."),
                            known(
                                    "max.compaction.lag.ms",
                                    "9223372036854775807",
                                    ValueType.LONG,
                                    "Has no effect."),
                            known(
                                    "max.message.bytes",
                                    "1048588",
                                    ValueType.INT,
                                    "The largest record batch that is accepted, as it is compressed, in bytes."),
                            known(
                                    "message.timestamp.after.max.ms",
                                    "3600000",
                                    ValueType.LONG,
                                    "How far the time of a record may lie ahead of the server's clock, in milliseconds."),
                            known(
                                    "message.timestamp.before.max.ms",
                                    "9223372036854775807",
                                    ValueType.LONG,
                                    "How far the time of a record may lie behind the server's clock, in milliseconds."),
                            known(
                                    "message.timestamp.type",
                                    "CreateTime",
                                    ValueType.STRING,
                                    "Records keep the time that their producer gave them."),
                            known(
                                    "min.cleanable.dirty.ratio",
                                    "0.5",
                                    ValueType.DOUBLE,
                                    "Has no effect."),
                            known("min.compaction.lag.ms", "0", ValueType.LONG, "Has no effect."),
                            known(
                                    "min.insync.replicas",
                                    "1",
                                    ValueType.INT,
                                    "Has no effect: there is one copy."),
                            known(
                                    "preallocate",
                                    "false",
                                    ValueType.BOOLEAN,
                                    "Has no effect: files are always prepared."),
                            known(
                                    "remote.storage.enable",
                                    "false",
                                    ValueType.BOOLEAN,
                                    "Records are stored on this server only."),
                            known(
                                    "retention.bytes",
                                    "-1",
                                    ValueType.LONG,
                                    "The size of a partition from which the oldest records are deleted; -1 for no limit."),
                            known(
                                    "retention.ms",
                                    "604800000",
                                    ValueType.LONG,
                                    "The age from which records are deleted, in milliseconds; -1 for no limit."),
                            known(
                                    "segment.bytes",
                                    "268435456",
                                    ValueType.INT,
                                    "The size of one file of a partition, in bytes."),
                            known(
                                    "segment.index.bytes",
                                    "10485760",
                                    ValueType.INT,
                                    "Has no effect."),
                            known("segment.jitter.ms", "0", ValueType.LONG, "Has no effect."),
                            known(
                                    "segment.ms",
                                    "86400000",
                                    ValueType.LONG,
                                    "The age of a file from which the next is begun, in milliseconds."),
                            known(
                                    "unclean.leader.election.enable",
                                    "false",
                                    ValueType.BOOLEAN,
                                    "Has no effect: there is one copy."))
                    .collect(Collectors.toUnmodifiableMap(Known::name, each -> each));

    private record Known(String name, String byDefault, ValueType type, String documentation) {}

    private static Known known(
            String name, String byDefault, ValueType type, String documentation) {
        return new Known(name, byDefault, type, documentation);
    }

    /// @param values all that hold for a topic, by name
    List<ConfigValue> of(Map<String, String> values) {
        return new TreeMap<>(values)
                .entrySet().stream().map(each -> value(each.getKey(), each.getValue())).toList();
    }

    private ConfigValue value(String name, String value) {
        Known it = known.getOrDefault(name, known(name, "", ValueType.STRING, ""));
        return new ConfigValue(
                name, value, it.byDefault, it.type, Source.TOPIC, false, it.documentation);
    }

    boolean isList(String name) {
        Known it = known.get(name);
        return it != null && it.type == ValueType.LIST;
    }

    boolean isDefault(String name, String value) {
        Known it = known.get(name);
        return it != null && it.byDefault.equals(value);
    }
}

package io.millrace.gateway.kafka.admin;

import io.millrace.gateway.kafka.admin.ConfigValue.Source;
import io.millrace.gateway.kafka.admin.ConfigValue.ValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What the server says of itself in Kafka's names; a tool cannot change any of it.
///
/// @param actual values that are not the defaults, by Kafka's names; asked for each time
public record ServerConfigs(Supplier<Map<String, String>> actual) {
    /// The server's number among the servers of its cluster, of which it is the only one.
    static final String NODE = "0";

    List<ConfigValue> all() {
        Map<String, String> values = actual.get();
        List<ConfigValue> all = new ArrayList<>();
        add(
                all,
                values,
                "advertised.listeners",
                "",
                ValueType.STRING,
                "Where clients reach the server.");
        add(
                all,
                values,
                "auto.create.topics.enable",
                "true",
                ValueType.BOOLEAN,
                "Whether a topic that is asked for is created.");
        add(all, values, "broker.id", NODE, ValueType.INT, "The number of this server.");
        add(
                all,
                values,
                "compression.type",
                "producer",
                ValueType.STRING,
                "Batches are stored as producers compressed them.");
        add(
                all,
                values,
                "default.replication.factor",
                "1",
                ValueType.INT,
                "Copies of each record.");
        add(
                all,
                values,
                "delete.topic.enable",
                "true",
                ValueType.BOOLEAN,
                "Topics can be deleted.");
        add(
                all,
                values,
                "group.max.session.timeout.ms",
                "1800000",
                ValueType.INT,
                "The longest time that a member of a group may be silent.");
        add(
                all,
                values,
                "group.min.session.timeout.ms",
                "6000",
                ValueType.INT,
                "The shortest time after which a member of a group can be taken for gone.");
        add(all, values, "listeners", "", ValueType.LIST, "Where the server listens.");
        add(
                all,
                values,
                "log.cleanup.policy",
                "delete",
                ValueType.LIST,
                "For topics that do not say otherwise.");
        add(
                all,
                values,
                "log.message.timestamp.type",
                "CreateTime",
                ValueType.STRING,
                "Records keep the time that their producer gave them.");
        add(
                all,
                values,
                "log.retention.bytes",
                "-1",
                ValueType.LONG,
                "For topics that do not say otherwise.");
        add(
                all,
                values,
                "log.retention.ms",
                "604800000",
                ValueType.LONG,
                "For topics that do not say otherwise.");
        add(
                all,
                values,
                "log.segment.bytes",
                "268435456",
                ValueType.INT,
                "The size of one file of a partition.");
        add(
                all,
                values,
                "message.max.bytes",
                "1048588",
                ValueType.INT,
                "The largest record batch, for topics that do not say otherwise.");
        add(all, values, "min.insync.replicas", "1", ValueType.INT, "There is one copy.");
        add(all, values, "node.id", NODE, ValueType.INT, "The number of this server.");
        add(
                all,
                values,
                "num.partitions",
                "4",
                ValueType.INT,
                "Partitions of topics that do not say otherwise.");
        add(
                all,
                values,
                "offsets.retention.minutes",
                "10080",
                ValueType.INT,
                "How long offsets of a group without members are kept.");
        add(
                all,
                values,
                "offsets.topic.replication.factor",
                "1",
                ValueType.INT,
                "Offsets are kept on this server only.");
        add(
                all,
                values,
                "process.roles",
                "broker,controller",
                ValueType.LIST,
                "There is one server, which does everything.");
        add(
                all,
                values,
                "transaction.max.timeout.ms",
                "900000",
                ValueType.INT,
                "The longest time that a producer may allow its transactions.");
        add(
                all,
                values,
                "transaction.state.log.min.isr",
                "1",
                ValueType.INT,
                "Transactions are kept on this server only.");
        add(
                all,
                values,
                "transaction.state.log.replication.factor",
                "1",
                ValueType.INT,
                "Transactions are kept on this server only.");
        add(
                all,
                values,
                "transactional.id.expiration.ms",
                "604800000",
                ValueType.INT,
                "How long a transactional id that nobody uses is known.");
        add(
                all,
                values,
                "unclean.leader.election.enable",
                "false",
                ValueType.BOOLEAN,
                "There is one copy.");
        return all;
    }

    private static void add(
            List<ConfigValue> all,
            Map<String, String> values,
            String name,
            String byDefault,
            ValueType type,
            String documentation) {
        all.add(
                new ConfigValue(
                        name,
                        values.getOrDefault(name, byDefault),
                        byDefault,
                        type,
                        Source.SERVER,
                        true,
                        documentation));
    }
}

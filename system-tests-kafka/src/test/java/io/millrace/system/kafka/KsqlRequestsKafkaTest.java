package io.millrace.system.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What ksqlDB asks of a server beside what Kafka Streams does. It is not run itself, as its
/// libraries are in no repository that the build knows.
@Tag("slow")
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
final class KsqlRequestsKafkaTest {
    private static final String COMMANDS = "_confluent-ksql-default__command_topic";
    private static final TopicPartition COMMAND_PARTITION = new TopicPartition(COMMANDS, 0);

    private KafkaServer server;
    private Clients clients;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        server = KafkaServer.start(data);
        clients = new Clients(server.bootstrap());
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /// It looks whether operations are authorized, and how many replicas a topic gets by default.
    @Test
    void theClusterSaysWhatItLooksForAtItsStart() throws Exception {
        try (Admin admin = clients.admin()) {
            var cluster =
                    admin.describeCluster(
                            new DescribeClusterOptions().includeAuthorizedOperations(true));
            String node = cluster.nodes().get().iterator().next().idString();
            assertThat(cluster.authorizedOperations().get()).isNotEmpty();
            Config config = config(admin, ConfigResource.Type.BROKER, node);
            assertThat(config.get("default.replication.factor").value()).isEqualTo("1");
        }
    }

    /// The statements of all its servers are in one topic, of one partition, that is kept for ever:
    /// written in transactions, and read from the beginning without a group.
    @Test
    void statementsGoThroughTheCommandTopic() throws Exception {
        try (Admin admin = clients.admin()) {
            assertThatThrownBy(() -> describe(admin, COMMANDS))
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
            NewTopic topic = new NewTopic(COMMANDS, 1, (short) 1).configs(commandConfig());
            admin.createTopics(List.of(topic), new CreateTopicsOptions().validateOnly(true))
                    .all()
                    .get();
            admin.createTopics(List.of(topic)).all().get();
            describe(admin, COMMANDS);
            Config config = config(admin, ConfigResource.Type.TOPIC, COMMANDS);
            commandConfig()
                    .forEach(
                            (name, value) -> assertThat(config.get(name).value()).isEqualTo(value));
        }
        try (KafkaConsumer<String, String> reader =
                clients.consumer(Map.of("isolation.level", "read_committed"))) {
            reader.assign(List.of(COMMAND_PARTITION));
            reader.seekToBeginning(List.of(COMMAND_PARTITION));
            write("create stream readings", true);
            write("drop stream readings", false);
            write("create table counts", true);
            assertThat(values(reader, 2))
                    .containsExactly("create stream readings", "create table counts");
        }
    }

    private void write(String statement, boolean commit) throws Exception {
        try (KafkaProducer<String, String> writer =
                clients.producer(Map.of("transactional.id", "default", "acks", "all"))) {
            writer.initTransactions();
            writer.beginTransaction();
            writer.send(new ProducerRecord<>(COMMANDS, "statement", statement)).get();
            if (commit) {
                writer.commitTransaction();
            } else {
                writer.abortTransaction();
            }
        }
    }

    private static List<String> values(KafkaConsumer<String, String> reader, int count) {
        List<String> values = new ArrayList<>();
        while (values.size() < count) {
            ConsumerRecords<String, String> records = reader.poll(Duration.ofMillis(100));
            records.forEach(each -> values.add(each.value()));
        }
        return values;
    }

    /// A source's topic gets another retention when a statement says so; a query that is terminated
    /// leaves neither a group nor internal topics behind.
    @Test
    void queriesComeAndGo() throws Exception {
        String prefix = "_confluent-ksql-default_query_CTAS_COUNTS_1-";
        String changelog = prefix + "Aggregate-Materialize-changelog";
        clients.create("source", 2);
        try (Admin admin = clients.admin()) {
            ConfigResource source = new ConfigResource(ConfigResource.Type.TOPIC, "source");
            AlterConfigOp change =
                    new AlterConfigOp(
                            new ConfigEntry("retention.ms", "86400000"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(source, Set.of(change))).all().get();
            assertThat(
                            config(admin, ConfigResource.Type.TOPIC, "source")
                                    .get("retention.ms")
                                    .value())
                    .isEqualTo("86400000");
            admin.createTopics(
                            List.of(
                                    new NewTopic(changelog, 2, (short) 1)
                                            .configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
            String group = prefix.substring(0, prefix.length() - 1);
            Map<TopicPartition, OffsetAndMetadata> offsets =
                    Map.of(new TopicPartition("source", 1), new OffsetAndMetadata(7));
            admin.alterConsumerGroupOffsets(group, offsets).all().get();
            assertThat(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get())
                    .isEqualTo(offsets);
            terminate(admin, prefix, group);
            assertThat(admin.listTopics().names().get())
                    .contains("source")
                    .doesNotContain(changelog);
            assertThat(groups(admin)).doesNotContain(group);
        }
    }

    private static void terminate(Admin admin, String prefix, String group) throws Exception {
        List<String> internal =
                admin.listTopics().names().get().stream()
                        .filter(name -> name.startsWith(prefix))
                        .toList();
        admin.deleteTopics(internal).all().get();
        assertThat(groups(admin)).contains(group);
        admin.deleteConsumerGroups(Set.of(group)).all().get();
    }

    private static List<String> groups(Admin admin) throws Exception {
        return admin.listGroups().all().get().stream().map(each -> each.groupId()).toList();
    }

    private static void describe(Admin admin, String topic) throws Exception {
        admin.describeTopics(
                        List.of(topic),
                        new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .allTopicNames()
                .get();
    }

    private static Config config(Admin admin, ConfigResource.Type type, String name)
            throws Exception {
        ConfigResource resource = new ConfigResource(type, name);
        return admin.describeConfigs(Set.of(resource)).values().values().iterator().next().get();
    }

    private static Map<String, String> commandConfig() {
        Map<String, String> config = new HashMap<>();
        config.put("cleanup.policy", "delete");
        config.put("retention.ms", Long.toString(Long.MAX_VALUE));
        config.put("min.insync.replicas", "1");
        config.put("unclean.leader.election.enable", "false");
        return config;
    }
}

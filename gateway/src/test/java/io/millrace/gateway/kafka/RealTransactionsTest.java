package io.millrace.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Kafka's own transactional producer and administration client against the gateway.
final class RealTransactionsTest extends RealBrokerTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private void orders() throws Exception {
        create("orders", 1);
    }

    private KafkaProducer<byte[], byte[]> producer(String transactionalId) {
        Properties properties = client();
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "20000");
        return new KafkaProducer<>(
                properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private List<String> committed(int count) {
        Properties properties = client();
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        List<String> values = new ArrayList<>();
        try (var consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(ORDERS));
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (values.size() < count && System.nanoTime() < end) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(new String(each.value(), UTF_8));
                }
            }
        }
        return values;
    }

    private static <T> T present(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    private static ProducerRecord<byte[], byte[]> order(String value) {
        return new ProducerRecord<>("orders", 0, null, value.getBytes(UTF_8));
    }

    @Test
    void whatIsCommittedIsSeenAndWhatIsAbortedIsNot() throws Exception {
        orders();
        try (var producer = producer("id")) {
            producer.initTransactions();
            for (int i = 0; i < 6; i++) {
                producer.beginTransaction();
                var _ = producer.send(order("a" + i));
                var _ = producer.send(order("b" + i));
                if (i % 3 == 1) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        assertThat(committed(8)).containsExactly("a0", "b0", "a2", "b2", "a3", "b3", "a5", "b5");
    }

    @Test
    void aSuccessorFencesAndItsPredecessorsTransactionIsAborted() throws Exception {
        orders();
        try (var old = producer("id");
                var young = producer("id")) {
            old.initTransactions();
            old.beginTransaction();
            var _ = old.send(order("lost"));
            old.flush();
            young.initTransactions();
            young.beginTransaction();
            var _ = young.send(order("kept"));
            young.commitTransaction();
            assertThatThrownBy(
                            () -> {
                                var _ = old.send(order("late"));
                                old.commitTransaction();
                            })
                    .isInstanceOf(KafkaException.class);
        }
        assertThat(committed(1)).containsExactly("kept");
    }

    @Test
    void offsetsAreCommittedWithTheTransaction() throws Exception {
        orders();
        Properties properties = client();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "group");
        try (var producer = producer("id");
                var consumer =
                        new KafkaConsumer<>(
                                properties,
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer());
                Admin admin = Admin.create(client())) {
            producer.initTransactions();
            for (int i = 1; i <= 4; i++) {
                producer.beginTransaction();
                var _ = producer.send(order("v" + i));
                producer.sendOffsetsToTransaction(
                        Map.of(ORDERS, new OffsetAndMetadata(i)), consumer.groupMetadata());
                if (i % 2 == 0) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
            Map<TopicPartition, OffsetAndMetadata> offsets =
                    admin.listConsumerGroupOffsets("group").partitionsToOffsetAndMetadata().get();
            assertThat(present(offsets.get(ORDERS)).offset()).isEqualTo(3);
        }
    }

    @Test
    void aTransactionThatWasOpenWhenTheServerStoppedIsAborted() throws Exception {
        orders();
        try (var producer = producer("id")) {
            producer.initTransactions();
            producer.beginTransaction();
            var _ = producer.send(order("kept"));
            producer.commitTransaction();
            producer.beginTransaction();
            var _ = producer.send(order("lost"));
            producer.flush();
            stop();
            producer.close(Duration.ZERO);
        }
        start();
        try (var successor = producer("id")) {
            successor.initTransactions();
            successor.beginTransaction();
            var _ = successor.send(order("later"));
            successor.commitTransaction();
        }
        assertThat(committed(2)).containsExactly("kept", "later");
    }

    @Test
    void operatorsSeeWhatIsUnderWay() throws Exception {
        orders();
        try (var producer = producer("id");
                Admin admin = Admin.create(client())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(order("a")).get();
            assertThat(admin.listTransactions().all().get())
                    .extracting(TransactionListing::state)
                    .containsExactly(TransactionState.ONGOING);
            assertThat(
                            admin.describeTransactions(List.of("id"))
                                    .description("id")
                                    .get()
                                    .topicPartitions())
                    .containsExactly(ORDERS);
            assertThat(
                            admin.describeProducers(List.of(ORDERS))
                                    .partitionResult(ORDERS)
                                    .get()
                                    .activeProducers())
                    .hasSize(1);
            producer.abortTransaction();
        }
    }

    @Test
    void administratorsMakeTopicsAndChangeThem() throws Exception {
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(
                            List.of(
                                    new NewTopic("orders", 2, (short) 1)
                                            .configs(Map.of("retention.ms", "5000"))))
                    .all()
                    .get();
            ConfigResource orders = new ConfigResource(ConfigResource.Type.TOPIC, "orders");
            Config config = present(admin.describeConfigs(List.of(orders)).all().get().get(orders));
            assertThat(config.get("retention.ms").value()).isEqualTo("5000");
            assertThat(config.get("retention.ms").source())
                    .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
            admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(3))).all().get();
            assertThat(
                            present(
                                            admin.describeTopics(List.of("orders"))
                                                    .allTopicNames()
                                                    .get()
                                                    .get("orders"))
                                    .partitions())
                    .hasSize(3);
            assertThatThrownBy(() ->
                            admin.createTopics(List.of(new NewTopic("x", 1, (short) 3)))
                                    .all()
                                    .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(InvalidReplicationFactorException.class);
            assertThatThrownBy(() -> admin.describeAcls(AclBindingFilter.ANY).values().get())
                    .hasCauseInstanceOf(SecurityDisabledException.class);
            admin.deleteTopics(List.of("orders")).all().get();
            assertThat(admin.listTopics().names().get()).doesNotContain("orders");
        }
    }

    @Test
    void administratorsConfigureGroupsAndLookAtTheServer() throws Exception {
        try (Admin admin = Admin.create(client())) {
            ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "g");
            admin.incrementalAlterConfigs(
                            Map.of(
                                    group,
                                    List.of(
                                            new AlterConfigOp(
                                                    new ConfigEntry(
                                                            "share.auto.offset.reset", "earliest"),
                                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            ConfigEntry set =
                    present(admin.describeConfigs(List.of(group)).all().get().get(group))
                            .get("share.auto.offset.reset");
            assertThat(set.value()).isEqualTo("earliest");
            assertThat(set.source()).isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG);
            ConfigResource server = new ConfigResource(ConfigResource.Type.BROKER, "0");
            assertThat(
                            present(admin.describeConfigs(List.of(server)).all().get().get(server))
                                    .get("advertised.listeners")
                                    .value())
                    .endsWith(":" + gateway.port());
        }
    }
}

package io.millrace.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.broker.Topics.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kafka's own clients against the gateway.
final class RealClientsTest extends KafkaGatewayTest {
    private static final int COUNT = 200;

    private KafkaProducer<byte[], byte[]> producer(Map<String, String> more) {
        Properties properties = client();
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "false");
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "20000");
        properties.putAll(more);
        return new KafkaProducer<>(
                properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private KafkaConsumer<byte[], byte[]> consumer(Map<String, String> more) {
        Properties properties = client();
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.putAll(more);
        return new KafkaConsumer<>(
                properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static List<String> read(KafkaConsumer<byte[], byte[]> consumer, int count) {
        List<String> values = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (values.size() < count && System.nanoTime() < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                values.add(new String(record.value(), UTF_8));
            }
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void whatIsProducedIsConsumed(String compression) throws Exception {
        topics.add("orders", 1);
        List<String> sent = new ArrayList<>();
        try (var producer = producer(Map.of(ProducerConfig.COMPRESSION_TYPE_CONFIG, compression))) {
            List<Future<RecordMetadata>> results = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                sent.add("order " + i);
                results.add(
                        producer.send(
                                new ProducerRecord<>(
                                        "orders", 0, null, sent.get(i).getBytes(UTF_8))));
            }
            for (int i = 0; i < COUNT; i++) {
                assertThat(results.get(i).get().offset()).isEqualTo(i);
            }
        }
        try (var consumer = consumer(Map.of())) {
            consumer.assign(List.of(new TopicPartition("orders", 0)));
            assertThat(read(consumer, COUNT)).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "all"})
    void everyKindOfAcknowledgementIsGiven(String acks) throws Exception {
        topics.add("orders", 1);
        try (var producer = producer(Map.of(ProducerConfig.ACKS_CONFIG, acks))) {
            producer.send(new ProducerRecord<>("orders", 0, null, "a".getBytes(UTF_8))).get();
            producer.send(new ProducerRecord<>("orders", 0, null, "b".getBytes(UTF_8))).get();
        }
        try (var consumer = consumer(Map.of())) {
            consumer.assign(List.of(new TopicPartition("orders", 0)));
            assertThat(read(consumer, 2)).containsExactly("a", "b");
        }
    }

    @Test
    void topicsAreCreatedWhenTheyAreAskedFor() throws Exception {
        try (var producer = producer(Map.of())) {
            RecordMetadata stored =
                    producer.send(new ProducerRecord<>("New_Topic.1", "x".getBytes(UTF_8))).get();
            assertThat(stored.topic()).isEqualTo("New_Topic.1");
        }
    }

    @Test
    void aConsumerWaitsForWhatIsStoredLater() throws Exception {
        topics.add("orders", 3);
        // Nobody who only waits for the end of a fetch gets through this.
        var consumer = consumer(Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "25000"));
        try (var producer = producer(Map.of())) {
            List<TopicPartition> all =
                    List.of(
                            new TopicPartition("orders", 0),
                            new TopicPartition("orders", 1),
                            new TopicPartition("orders", 2));
            consumer.assign(all);
            for (int i = 0; i < 30; i++) {
                producer.send(
                                new ProducerRecord<>(
                                        "orders", i % 3, null, ("v" + i).getBytes(UTF_8)))
                        .get();
                assertThat(read(consumer, 1)).containsExactly("v" + i);
            }
            // Those that waited have taken their watches away, but for the fetch that waits now.
            assertThat(topics.partition("orders", 0).watches()).isLessThanOrEqualTo(1);
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    @Test
    void largeBatchesPassWhole() throws Exception {
        topics.add("large", 1);
        byte[] value = new byte[900_000];
        Arrays.fill(value, (byte) 'x');
        try (var producer = producer(Map.of())) {
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("large", 0, null, value)).get();
            }
        }
        try (var consumer =
                consumer(
                        Map.of(
                                ConsumerConfig.FETCH_MIN_BYTES_CONFIG, "2000000",
                                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "3000000",
                                ConsumerConfig.FETCH_MAX_BYTES_CONFIG, "3000000"))) {
            consumer.assign(List.of(new TopicPartition("large", 0)));
            assertThat(read(consumer, 10))
                    .hasSize(10)
                    .allSatisfy(text -> assertThat(text.length()).isEqualTo(value.length));
        }
        assertThat(topics.partition("large", 0).openRegions()).isZero();
    }

    @Test
    void administratorsSeeTheClusterAndItsTopics() throws Exception {
        topics.add("orders", 2);
        topics.add("jobs", Kind.QUEUE, 10);
        try (Admin admin = Admin.create(client())) {
            var cluster = admin.describeCluster();
            assertThat(cluster.clusterId().get()).hasSize(22);
            assertThat(cluster.nodes().get())
                    .singleElement()
                    .satisfies(node -> assertThat(node.port()).isEqualTo(gateway.port()));
            assertThat(admin.listTopics().names().get()).contains("orders", "jobs");
            var described = admin.describeTopics(List.of("orders")).allTopicNames().get();
            assertThat(described.values())
                    .singleElement()
                    .satisfies(topic -> assertThat(topic.partitions()).hasSize(2));
            assertThatThrownBy(() -> admin.describeTopics(List.of("absent")).allTopicNames().get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
            var features = admin.describeFeatures().featureMetadata().get();
            assertThat(features.finalizedFeatures().keySet())
                    .containsExactlyInAnyOrder("group.version", "transaction.version");
        }
    }

    @Test
    void offsetsAreFoundByPlaceAndByTime() throws Exception {
        topics.add("orders", 1);
        try (var producer = producer(Map.of())) {
            for (long time : new long[] {1_000, 3_000, 2_000}) {
                producer.send(new ProducerRecord<>("orders", 0, time, null, new byte[] {1})).get();
            }
        }
        TopicPartition place = new TopicPartition("orders", 0);
        try (Admin admin = Admin.create(client())) {
            assertThat(offset(admin, place, OffsetSpec.earliest()).offset()).isZero();
            assertThat(offset(admin, place, OffsetSpec.latest()).offset()).isEqualTo(3);
            assertThat(offset(admin, place, OffsetSpec.maxTimestamp()))
                    .satisfies(found -> {
                        assertThat(found.offset()).isEqualTo(1);
                        assertThat(found.timestamp()).isEqualTo(3_000);
                    });
            assertThat(offset(admin, place, OffsetSpec.forTimestamp(2_500)).offset()).isEqualTo(1);
            assertThat(offset(admin, place, OffsetSpec.forTimestamp(9_000)).offset()).isEqualTo(-1);
            assertThat(offset(admin, place, OffsetSpec.earliestLocal()).offset()).isZero();
            assertThat(offset(admin, place, OffsetSpec.latestTiered()).offset()).isEqualTo(-1);
        }
    }

    private static ListOffsetsResultInfo offset(Admin admin, TopicPartition place, OffsetSpec spec)
            throws Exception {
        return admin.listOffsets(Map.of(place, spec)).partitionResult(place).get();
    }

    @Test
    void aConsumerBeyondTheEndIsSetBack() throws Exception {
        topics.add("orders", 1);
        try (var producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>("orders", 0, null, "a".getBytes(UTF_8))).get();
        }
        try (var consumer = consumer(Map.of())) {
            TopicPartition place = new TopicPartition("orders", 0);
            consumer.assign(List.of(place));
            consumer.seek(place, 1_000);
            assertThat(read(consumer, 1)).containsExactly("a");
        }
    }
}

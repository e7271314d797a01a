package io.millrace.system.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Clients inside this process, with settings that suit tests. Thread-safe.
final class Clients {
    private static final Duration POLL = Duration.ofMillis(500);

    private final String bootstrap;

    Clients(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    Admin admin() {
        return Admin.create(settings(Map.of()));
    }

    KafkaProducer<String, String> producer(Map<String, String> more) {
        return new KafkaProducer<>(settings(more), new StringSerializer(), new StringSerializer());
    }

    KafkaProducer<byte[], byte[]> rawProducer() {
        return new KafkaProducer<>(
                settings(Map.of()), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /// A consumer that commits only when it is told to and begins with the first record.
    KafkaConsumer<String, String> consumer(Map<String, String> more) {
        return new KafkaConsumer<>(
                consumerSettings(more), new StringDeserializer(), new StringDeserializer());
    }

    private KafkaConsumer<byte[], byte[]> rawConsumer(Map<String, String> more) {
        return new KafkaConsumer<>(
                consumerSettings(more), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    KafkaShareConsumer<String, String> shareConsumer(String group) {
        Properties settings =
                settings(Map.of("group.id", group, "share.acknowledgement.mode", "explicit"));
        return new KafkaShareConsumer<>(
                settings, new StringDeserializer(), new StringDeserializer());
    }

    private Properties settings(Map<String, String> more) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("reconnect.backoff.max.ms", "500");
        settings.put("enable.metrics.push", "false");
        settings.putAll(more);
        return settings;
    }

    private Properties consumerSettings(Map<String, String> more) {
        Map<String, String> all = new HashMap<>();
        all.put("enable.auto.commit", "false");
        all.put("auto.offset.reset", "earliest");
        all.putAll(more);
        return settings(all);
    }

    void create(String topic, int partitions) throws Exception {
        try (Admin admin = admin()) {
            NewTopic wanted = new NewTopic(topic, partitions, (short) 1);
            admin.createTopics(Set.of(wanted)).all().get();
        }
    }

    /// Sends records, and waits until all are acknowledged.
    void send(List<ProducerRecord<String, String>> records) throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            List<Future<RecordMetadata>> stored = new ArrayList<>();
            for (ProducerRecord<String, String> each : records) {
                stored.add(producer.send(each));
            }
            producer.flush();
            for (Future<RecordMetadata> each : stored) {
                each.get();
            }
        }
    }

    /// All that is committed in a topic now, partition by partition.
    List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                rawConsumer(Map.of("isolation.level", "read_committed"))) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(each -> new TopicPartition(topic, each.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        return records;
    }
}

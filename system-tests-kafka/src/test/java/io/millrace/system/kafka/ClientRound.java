package io.millrace.system.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// A program that is run with clients of many versions: it creates a topic, produces, in
/// transactions, too, reads in a group, commits, and reads on. It uses only what kafka-clients has
/// had since 2.1. Arguments: the broker, and a name for topic and group that nobody else has. The
/// last line of the output is `fine`.
public final class ClientRound {
    private static final int RECORDS = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final String bootstrap;
    private final String topic;

    private ClientRound(String bootstrap, String topic) {
        this.bootstrap = bootstrap;
        this.topic = topic;
    }

    public static void main(String[] arguments) throws Exception {
        ClientRound round = new ClientRound(arguments[0], arguments[1]);
        round.create();
        round.produce(Map.of("acks", "1"), "plain");
        for (String compression : List.of("gzip", "snappy", "lz4", "zstd")) {
            round.produce(Map.of("compression.type", compression), compression);
        }
        round.produce(Map.of("enable.idempotence", "true", "acks", "all"), "idempotent");
        round.transact();
        // Without compression and with four, idempotent, and what was committed.
        int total = 7 * RECORDS;
        List<String> values = round.read(total / 2);
        values.addAll(round.read(total - values.size()));
        expect(values, total);
        round.admin();
        System.out.println("fine");
    }

    private Properties settings(Map<String, String> more) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", bootstrap);
        settings.putAll(more);
        return settings;
    }

    private void create() throws Exception {
        try (AdminClient admin = AdminClient.create(settings(Map.of()))) {
            admin.createTopics(Set.of(new NewTopic(topic, 3, (short) 1))).all().get();
            require(admin.listTopics().names().get().contains(topic), "the topic is listed");
            require(admin.describeCluster().nodes().get().size() == 1, "there is one node");
        }
    }

    private KafkaProducer<String, String> producer(Map<String, String> more) {
        return new KafkaProducer<>(settings(more), new StringSerializer(), new StringSerializer());
    }

    private ProducerRecord<String, String> record(String kind, int number) {
        ProducerRecord<String, String> record =
                new ProducerRecord<>(topic, kind + number, kind + " " + number);
        record.headers().add("kind", kind.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    private void produce(Map<String, String> more, String kind) throws Exception {
        try (KafkaProducer<String, String> producer = producer(more)) {
            sendAll(producer, kind);
        }
    }

    private void sendAll(KafkaProducer<String, String> producer, String kind) throws Exception {
        List<Future<RecordMetadata>> stored = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            stored.add(producer.send(record(kind, i)));
        }
        producer.flush();
        for (Future<RecordMetadata> each : stored) {
            each.get();
        }
    }

    /// One transaction is aborted, one committed.
    private void transact() throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of("transactional.id", topic))) {
            producer.initTransactions();
            producer.beginTransaction();
            sendAll(producer, "aborted");
            producer.abortTransaction();
            producer.beginTransaction();
            sendAll(producer, "committed");
            producer.commitTransaction();
        }
    }

    private KafkaConsumer<String, String> consumer() {
        Map<String, String> more =
                Map.of(
                        "group.id",
                        topic,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        "false",
                        "max.poll.records",
                        "50",
                        "auto.offset.reset",
                        "earliest");
        return new KafkaConsumer<>(
                settings(more), new StringDeserializer(), new StringDeserializer());
    }

    /// Reads so many records or some more as a member of the group, and commits what it read.
    private List<String> read(int count) {
        List<String> values = new ArrayList<>();
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaConsumer<String, String> consumer = consumer()) {
            consumer.subscribe(Set.of(topic));
            while (values.size() < count && System.nanoTime() < end) {
                for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofSeconds(1))) {
                    values.add(value(each));
                }
            }
            consumer.commitSync();
        }
        require(values.size() >= count, values.size() + " of " + count + " came");
        return values;
    }

    private static String value(ConsumerRecord<String, String> record) {
        byte[] kind = record.headers().lastHeader("kind").value();
        require(
                record.value().startsWith(new String(kind, StandardCharsets.UTF_8) + " "),
                "the header belongs to the value");
        return record.value();
    }

    private static void expect(List<String> values, int total) {
        Set<String> all = new TreeSet<>(values);
        require(values.size() == total, values.size() + " came, not " + total);
        require(all.size() == total, "each came once");
        require(all.stream().noneMatch(value -> value.startsWith("aborted")), "none aborted");
    }

    /// `listConsumerGroups` is deprecated in new versions, and the old ones have nothing else.
    @SuppressWarnings({"deprecation", "removal"})
    private void admin() throws Exception {
        try (AdminClient admin = AdminClient.create(settings(Map.of()))) {
            require(
                    admin.listConsumerGroups().all().get().stream()
                            .anyMatch(each -> each.groupId().equals(topic)),
                    "the group is listed");
            admin.deleteTopics(Set.of(topic)).all().get();
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException("not so: " + what);
        }
    }
}

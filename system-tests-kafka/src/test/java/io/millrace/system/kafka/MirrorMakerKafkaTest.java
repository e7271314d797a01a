package io.millrace.system.kafka;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A move from Apache Kafka with MirrorMaker 2, whose settings are those of the how-to page, and
/// which is killed while it copies: the topics are there with all records, and groups go on where
/// they stopped.
@Tag("slow")
@Timeout(300)
final class MirrorMakerKafkaTest {
    private static final Path PAGE = Path.of("../docs/how-to/move-from-kafka.md");
    private static final String SETTINGS = "<!-- file: mm2.properties -->\n```properties\n";
    private static final String ORDERS = "orders";
    private static final String PRICES = "Prices.v1_eu";
    private static final int PARTITIONS = 3;

    /// Records of the topic before MirrorMaker runs, when it has copied, and when it has ended.
    private static final int FIRST = 600;

    private static final int COPIED = FIRST + 1_500;
    private static final int CARRIED = COPIED + 300;
    private static final int ALL = CARRIED + 300;

    /// The first records of a partition, which are gone before it is copied: the copy's offsets are
    /// not those of Kafka.
    private static final int DELETED = 50;

    private static final long TIME = 1_700_000_000_000L;
    private static final Duration POLL = Duration.ofMillis(100);

    /// A group that has not read everything stops before this one.
    private static final int STOP = COPIED - 150;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @TempDir Path folder;

    private KafkaServer source;
    private KafkaServer target;
    private Clients kafka;
    private Clients millrace;

    @BeforeEach
    void start() throws Exception {
        Future<KafkaServer> starting =
                threads.submit(() -> ApacheServer.start(folder.resolve("kafka")));
        target = KafkaServer.start(folder.resolve("millrace"));
        source = starting.get();
        kafka = new Clients(source.bootstrap());
        millrace = new Clients(target.bootstrap());
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        source.close();
        target.close();
    }

    @Test
    void groupsGoOnWhereTheyStopped() throws Exception {
        prepare();
        Program mirror = mirror();
        Future<?> produced;
        try (Program.Running first = mirror.start()) {
            await().atMost(60, TimeUnit.SECONDS).until(() -> copied() > 0);
            produced = threads.submit(() -> produceOneByOne(FIRST, COPIED));
            whileItCopies(first, produced);
            first.kill();
        }
        configure("max.message.bytes", "3000000");
        try (Program.Running second = mirror.start()) {
            produced.get(120, TimeUnit.SECONDS);
            readOnKafka("billing", STOP);
            readOnKafka("audit", COPIED);
            await().atMost(120, TimeUnit.SECONDS).until(() -> hasRead("audit", COPIED));
            await().atMost(60, TimeUnit.SECONDS).until(() -> hasRead("billing", FIRST));
            assertThat(contents(millrace, ORDERS)).isEqualTo(contents(kafka, ORDERS));
            assertThat(contents(millrace, PRICES)).isEqualTo(contents(kafka, PRICES));
            settingsAreThere();
            goOn(second);
        }
    }

    /// Waits for what comes while it copies; else tells who did not do its part.
    private void whileItCopies(Program.Running mirror, Future<?> produced) throws Exception {
        try {
            await().atMost(120, TimeUnit.SECONDS).until(() -> copied() > FIRST + 100);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "%d are copied, producer: %s, on Kafka: %d, MirrorMaker says:%n%s"
                            .formatted(
                                    copied(),
                                    produced.state(),
                                    kafka.committed(ORDERS).size(),
                                    String.join("\n", mirror.lines())),
                    e);
        }
    }

    /// What the cluster has before anybody thinks of moving.
    private void prepare() throws Exception {
        Map<String, String> ofOrders =
                Map.of(
                        "retention.ms", "-1",
                        "max.message.bytes", "2000000",
                        "compression.type", "lz4");
        Map<String, String> ofPrices =
                Map.of("cleanup.policy", "compact", "delete.retention.ms", "3600000");
        try (Admin admin = kafka.admin()) {
            admin.createTopics(
                            Set.of(
                                    new NewTopic(ORDERS, PARTITIONS, (short) 1).configs(ofOrders),
                                    new NewTopic(PRICES, 2, (short) 1).configs(ofPrices)))
                    .all()
                    .get();
            kafka.send(orders(0, FIRST));
            kafka.send(
                    List.of(
                            price(0, "bolt", "5"),
                            price(0, "nut", "3"),
                            price(0, "bolt", null),
                            price(1, "screw", "1")));
            admin.deleteRecords(
                            Map.of(
                                    new TopicPartition(ORDERS, 0),
                                    RecordsToDelete.beforeOffset(DELETED)))
                    .all()
                    .get();
        }
        readOnKafka("billing", FIRST / 2);
        readOnKafka("audit", FIRST / 3);
    }

    private void settingsAreThere() throws Exception {
        assertThat(setting(ORDERS, "retention.ms")).isEqualTo("-1");
        assertThat(setting(ORDERS, "max.message.bytes")).isEqualTo("3000000");
        assertThat(setting(PRICES, "cleanup.policy")).isEqualTo("compact");
        assertThat(setting(PRICES, "delete.retention.ms")).isEqualTo("3600000");
    }

    /// Whether a group is known on Millrace to have read all before a number.
    private boolean hasRead(String group, int end) throws Exception {
        Set<Integer> left = left(group);
        return left != null && left.stream().allMatch(each -> each >= end);
    }

    /// MirrorMaker with the settings that the page shows.
    private Program mirror() throws Exception {
        String page = Files.readString(PAGE);
        int start = page.indexOf(SETTINGS) + SETTINGS.length();
        assertThat(start).isGreaterThan(SETTINGS.length());
        String settings =
                page.substring(start, page.indexOf("```", start))
                        .replace("kafka.example.com:9092", source.bootstrap())
                        .replace("=127.0.0.1:9092", "=" + target.bootstrap());
        Path file = Files.writeString(folder.resolve("mm2.properties"), settings);
        return Program.java("org.apache.kafka.connect.mirror.MirrorMaker", file.toString())
                .option("-DKAFKA_LOG_LEVEL=warn");
    }

    /// Consumers move, then producers: nothing is missed, and whoever had read everything gets
    /// nothing twice.
    private void goOn(Program.Running mirror) throws Exception {
        try (KafkaConsumer<String, String> billing = millrace.consumer(group("billing"));
                KafkaConsumer<String, String> audit = millrace.consumer(group("audit"))) {
            billing.subscribe(Set.of(ORDERS));
            audit.subscribe(Set.of(ORDERS));
            kafka.send(orders(COPIED, CARRIED));
            Set<Integer> billed = new TreeSet<>();
            Set<Integer> audited = new TreeSet<>();
            readUntil(billing, billed, CARRIED);
            readUntil(audit, audited, CARRIED);
            mirror.stop();
            millrace.send(orders(CARRIED, ALL));
            readUntil(billing, billed, ALL);
            readUntil(audit, audited, ALL);
            assertThat(billed).containsAll(numbers(STOP, ALL)).allMatch(each -> each >= FIRST);
            assertThat(audited).isEqualTo(numbers(COPIED, ALL));
        }
    }

    private static Map<String, String> group(String name) {
        return Map.of("group.id", name, "auto.offset.reset", "none");
    }

    private static Set<Integer> numbers(int from, int to) {
        return new TreeSet<>(IntStream.range(from, to).boxed().toList());
    }

    private static List<ProducerRecord<String, String>> orders(int from, int to) {
        return IntStream.range(from, to).mapToObj(MirrorMakerKafkaTest::order).toList();
    }

    private static ProducerRecord<String, String> price(
            int partition, String part, @Nullable String price) {
        return new ProducerRecord<>(PRICES, partition, part, price);
    }

    private static ProducerRecord<String, String> order(int number) {
        ProducerRecord<String, String> order =
                new ProducerRecord<>(
                        ORDERS,
                        number % PARTITIONS,
                        TIME + number,
                        "customer-" + number % 100,
                        Integer.toString(number));
        order.headers()
                .add("currency", "EUR".getBytes(StandardCharsets.UTF_8))
                .add("voucher", null)
                .add("currency", "again".getBytes(StandardCharsets.UTF_8));
        return order;
    }

    /// Each is acknowledged before the next, so that they take their time.
    private @Nullable Void produceOneByOne(int from, int to) throws Exception {
        try (KafkaProducer<String, String> producer = kafka.producer(Map.of())) {
            for (ProducerRecord<String, String> each : orders(from, to)) {
                producer.send(each).get();
            }
        }
        return null;
    }

    /// A group reads on Kafka, and commits all records before a number.
    private void readOnKafka(String group, int end) {
        try (KafkaConsumer<String, String> consumer = kafka.consumer(Map.of("group.id", group))) {
            consumer.subscribe(Set.of(ORDERS));
            Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>();
            Map<Integer, Integer> last = new HashMap<>();
            await().atMost(60, TimeUnit.SECONDS)
                    .until(() -> {
                        for (ConsumerRecord<String, String> each : consumer.poll(POLL)) {
                            last.put(each.partition(), number(each));
                            if (number(each) < end) {
                                read.put(
                                        new TopicPartition(each.topic(), each.partition()),
                                        new OffsetAndMetadata(each.offset() + 1));
                            }
                        }
                        return last.values().stream()
                                        .filter(number -> number >= end - PARTITIONS)
                                        .count()
                                == PARTITIONS;
                    });
            consumer.commitSync(read);
        }
    }

    /// Reads until everything before a number has been seen.
    private static void readUntil(
            KafkaConsumer<String, String> consumer, Set<Integer> seen, int end) {
        Set<Integer> wanted = numbers(COPIED, end);
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> {
                    consumer.poll(POLL).forEach(each -> seen.add(number(each)));
                    return seen.containsAll(wanted);
                });
    }

    private static int number(ConsumerRecord<String, String> order) {
        return Integer.parseInt(order.value());
    }

    /// How many orders are on Millrace. Who asks for a topic that is not there would create it.
    private int copied() throws Exception {
        try (Admin admin = millrace.admin()) {
            if (!admin.listTopics().names().get().contains(ORDERS)) {
                return 0;
            }
        }
        return millrace.committed(ORDERS).size();
    }

    /// The orders that a group would be given on Millrace, `null` if it does not know where to
    /// begin.
    private @Nullable Set<Integer> left(String group) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> offsets;
        try (Admin admin = millrace.admin()) {
            offsets = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        }
        Set<Integer> left = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> each : millrace.committed(ORDERS)) {
            OffsetAndMetadata place = offsets.get(new TopicPartition(ORDERS, each.partition()));
            if (place == null) {
                return null;
            }
            if (each.offset() >= place.offset()) {
                left.add(Integer.valueOf(new String(each.value(), StandardCharsets.UTF_8)));
            }
        }
        return left;
    }

    /// All records of a topic as text, partition by partition.
    private static Map<Integer, List<String>> contents(Clients clients, String topic) {
        Map<Integer, List<String>> contents = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> each : clients.committed(topic)) {
            List<String> headers = new ArrayList<>();
            each.headers()
                    .forEach(header -> headers.add(header.key() + "=" + text(header.value())));
            contents.computeIfAbsent(each.partition(), _ -> new ArrayList<>())
                    .add(
                            "%d %s %s %s"
                                    .formatted(
                                            each.timestamp(),
                                            text(each.key()),
                                            text(each.value()),
                                            headers));
        }
        return contents;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /// Sets a configuration of the orders on Kafka.
    private void configure(String key, String value) throws Exception {
        try (Admin admin = kafka.admin()) {
            AlterConfigOp set =
                    new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, ORDERS),
                                    List.of(set)))
                    .all()
                    .get();
        }
    }

    private String setting(String topic, String key) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = millrace.admin()) {
            Config config = admin.describeConfigs(Set.of(resource)).all().get().get(resource);
            return requireNonNull(config).get(key).value();
        }
    }
}

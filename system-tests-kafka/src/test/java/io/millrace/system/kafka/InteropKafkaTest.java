package io.millrace.system.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What Kafka's clients write, HTTP sees as events, and the other way round. Apache Kafka has no
/// HTTP, so this is for Millrace only.
@Tag("slow")
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(named = "kafka.server", matches = "millrace")
final class InteropKafkaTest {
    private static final Duration PATIENCE = Duration.ofSeconds(50);
    private static final byte[] RAW = {0, 1, (byte) 0xff, 'x', '\n', (byte) 0xc3};

    private KafkaServer server;
    private Clients clients;
    private Http http;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        server = KafkaServer.start(data);
        clients = new Clients(server.bootstrap());
        http = new Http(server.http());
    }

    @AfterAll
    void stop() {
        http.close();
        server.close();
    }

    private void produce(ProducerRecord<byte[], byte[]> record) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = clients.rawProducer()) {
            producer.send(record).get();
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String key, byte[] value) {
        return new ProducerRecord<>(topic, key.getBytes(UTF_8), value);
    }

    private JsonNode onlyEvent(String stream) throws Exception {
        List<JsonNode> events = http.events(stream);
        assertThat(events).hasSize(1);
        return events.getFirst();
    }

    @Test
    void aPlainRecordIsAnEvent() throws Exception {
        clients.create("plain", 1);
        ProducerRecord<byte[], byte[]> record = record("plain", "key-1", RAW);
        record.headers().add("trace", "abc".getBytes(UTF_8)).add("nothing", null);
        produce(record);
        JsonNode envelope = onlyEvent("plain");
        assertThat(envelope.path("context").asString()).isEqualTo("/topics/plain");
        JsonNode event = envelope.path("event");
        assertThat(event.path("type").asString()).isEqualTo("io.millrace.kafka.record");
        assertThat(event.path("source").asString()).isEqualTo("urn:millrace:stream:plain");
        assertThat(event.path("id").asString()).endsWith("-0-0");
        assertThat(event.path("partitionkey").asString()).isEqualTo("key-1");
        assertThat(event.path("datacontenttype").asString()).isEqualTo("application/octet-stream");
        assertThat(Base64.getDecoder().decode(event.path("data_base64").asString())).isEqualTo(RAW);
        assertThat(event.path("kafkaheaders").asString()).contains("trace", "abc", "nothing");
        ConsumerRecord<byte[], byte[]> again = clients.committed("plain").getFirst();
        assertThat(again.value()).isEqualTo(RAW);
        assertThat(again.headers().lastHeader("trace").value()).isEqualTo("abc".getBytes(UTF_8));
        assertThat(again.headers().lastHeader("nothing").value()).isNull();
    }

    @Test
    void aCloudEventInBinaryModeIsItself() throws Exception {
        clients.create("binary", 1);
        ProducerRecord<byte[], byte[]> record = record("binary", "k", "{\"n\":1}".getBytes(UTF_8));
        Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "id-1",
                        "ce_source", "/somewhere/else",
                        "ce_type", "com.example.binary",
                        "ce_subject", "Zürich",
                        "content-type", "application/json")
                .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        produce(record);
        JsonNode event = onlyEvent("binary").path("event");
        assertThat(event.path("id").asString()).isEqualTo("id-1");
        assertThat(event.path("source").asString()).isEqualTo("/somewhere/else");
        assertThat(event.path("type").asString()).isEqualTo("com.example.binary");
        assertThat(event.path("subject").asString()).isEqualTo("Zürich");
        assertThat(event.path("data").path("n").asInt()).isEqualTo(1);
    }

    @Test
    void aCloudEventInStructuredModeIsItself() throws Exception {
        clients.create("structured", 1);
        String text =
                """
                {"specversion":"1.0","id":"id-2","source":"/topics/structured/room/4",
                 "type":"com.example.structured","data":{"n":2}}
                """;
        ProducerRecord<byte[], byte[]> record = record("structured", "k", text.getBytes(UTF_8));
        record.headers().add("content-type", "application/cloudevents+json".getBytes(UTF_8));
        produce(record);
        JsonNode envelope = onlyEvent("structured");
        assertThat(envelope.path("context").asString()).isEqualTo("/topics/structured/room/4");
        assertThat(envelope.path("event").path("id").asString()).isEqualTo("id-2");
        assertThat(envelope.path("event").path("data").path("n").asInt()).isEqualTo(2);
        assertThat(clients.committed("structured").getFirst().value())
                .isEqualTo(text.getBytes(UTF_8));
    }

    @Test
    void aHeaderNamesTheContext() throws Exception {
        clients.create("placed", 1);
        ProducerRecord<byte[], byte[]> record = record("placed", "k", RAW);
        record.headers().add("context", "/topics/placed/floor/3".getBytes(UTF_8));
        produce(record);
        assertThat(onlyEvent("placed").path("context").asString())
                .isEqualTo("/topics/placed/floor/3");
    }

    @Test
    void whatWasPublishedOverHttpIsReadByteByByte() throws Exception {
        http.apply("kind: Stream\nname: published\nmount: /org/contoso\npartitions: 1\n");
        Map<String, String> attributes =
                Map.of("ce-id", "1", "ce-source", "/me", "ce-type", "t", "ce-partitionkey", "pk");
        http.post("/events/org/contoso/hall", attributes, RAW);
        ConsumerRecord<byte[], byte[]> record = clients.committed("published").getFirst();
        assertThat(record.value()).isEqualTo(RAW);
        assertThat(record.key()).isEqualTo("pk".getBytes(UTF_8));
        assertThat(text(record, "ce_id")).isEqualTo("1");
        assertThat(text(record, "ce_source")).isEqualTo("/me");
        assertThat(text(record, "context")).isEqualTo("/org/contoso/hall");
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        assertThat(header).as(name).isNotNull();
        return new String(header.value(), UTF_8);
    }

    @Test
    void tailsAndSubscriptionsSeeWhatKafkaWrites() throws Exception {
        clients.create("watched", 2);
        http.apply(
                "kind: Subscription\nname: watcher\npattern: /topics/watched/**\nstart: earliest\n");
        for (int i = 0; i < 10; i++) {
            produce(record("watched", "k" + i, ("v" + i).getBytes(UTF_8)));
        }
        assertThat(http.tail("/topics/watched/**", 10)).hasSize(10);
        Set<String> keys = new TreeSet<>();
        await().atMost(30, TimeUnit.SECONDS)
                .until(() -> {
                    List<JsonNode> leases = http.receive("/subscriptions/watcher", 10);
                    leases.forEach(
                            lease -> keys.add(lease.path("event").path("partitionkey").asString()));
                    http.complete("/subscriptions/watcher", leases);
                    return keys.size() == 10;
                });
    }

    @Test
    void whatWasAbortedIsNoEvent() throws Exception {
        clients.create("decided", 1);
        try (KafkaProducer<String, String> producer =
                clients.producer(Map.of("transactional.id", "decider"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("decided", "k", "dropped")).get();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("decided", "k", "kept")).get();
            producer.flush();
            assertThat(http.events("decided")).as("before the commit").isEmpty();
            producer.commitTransaction();
        }
        JsonNode event = onlyEvent("decided").path("event");
        assertThat(Base64.getDecoder().decode(event.path("data_base64").asString()))
                .isEqualTo("kept".getBytes(UTF_8));
    }

    @Test
    void aShareConsumerAndAnHttpWorkerDrainOneQueue() throws Exception {
        int jobs = 400;
        http.apply("kind: Queue\nname: chores\n");
        for (int i = 0; i < jobs / 2; i++) {
            Map<String, String> attributes =
                    Map.of("ce-id", "h" + i, "ce-source", "/h", "ce-type", "chore");
            http.post("/queues/chores", attributes, ("http " + i).getBytes(UTF_8));
        }
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < jobs / 2; i++) {
            records.add(new ProducerRecord<>("chores", "k" + i, "kafka " + i));
        }
        clients.send(records);
        Set<String> overHttp = ConcurrentHashMap.newKeySet();
        Set<String> overKafka = ConcurrentHashMap.newKeySet();
        CountDownLatch all = new CountDownLatch(jobs);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> worker = threads.submit(() -> workOverHttp(overHttp, all));
            Future<?> sharer = threads.submit(() -> workOverKafka(overKafka, all));
            worker.get(90, TimeUnit.SECONDS);
            sharer.get(90, TimeUnit.SECONDS);
        }
        assertThat(all.getCount()).as("left: %s, %s", overHttp, overKafka).isZero();
        assertThat(overHttp).isNotEmpty().doesNotContainAnyElementsOf(overKafka);
        assertThat(overKafka).isNotEmpty();
        assertThat(overHttp.size() + overKafka.size()).isEqualTo(jobs);
        assertThat(http.receive("/queues/chores", 1)).isEmpty();
    }

    /// Takes few at a time, so that something is left for the other.
    private Void workOverHttp(Set<String> done, CountDownLatch all) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (all.getCount() > 0 && System.nanoTime() < end) {
            List<JsonNode> leases = http.receive("/queues/chores", 3);
            assertThat(http.complete("/queues/chores", leases)).isZero();
            for (JsonNode lease : leases) {
                assertThat(done.add(lease.path("number").asString())).isTrue();
                all.countDown();
            }
        }
        return null;
    }

    private Void workOverKafka(Set<String> done, CountDownLatch all) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaShareConsumer<String, String> consumer = clients.shareConsumer("chores")) {
            consumer.subscribe(Set.of("chores"));
            while (all.getCount() > 0 && System.nanoTime() < end) {
                List<ConsumerRecord<String, String>> taken = new ArrayList<>();
                for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(200))) {
                    consumer.acknowledge(each, AcknowledgeType.ACCEPT);
                    taken.add(each);
                }
                assertThat(consumer.commitSync().values()).allMatch(each -> each.isEmpty());
                for (ConsumerRecord<String, String> each : taken) {
                    assertThat(done.add(each.partition() + "-" + each.offset())).isTrue();
                    all.countDown();
                }
            }
        }
        return null;
    }
}

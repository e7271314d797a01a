package io.millrace.system.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Idempotent producers, groups of both protocols and a share group go on while the server is
/// killed again and again; at the end everything is counted.
@Tag("slow")
@Timeout(300)
final class CrashKafkaTest {
    private static final String TOPIC = "counted";
    private static final int PRODUCERS = 2;
    private static final int RECORDS = 3_000;
    private static final int KEYS = 16;
    private static final int KILLS = 3;
    private static final int UNDER_WAY_MAX = 100;
    private static final Duration POLL = Duration.ofMillis(200);

    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final Map<String, Set<String>> seen = new ConcurrentHashMap<>();

    @TempDir Path data;

    @Test
    void nothingIsLostOrDoubledHoweverOftenTheServerIsKilled() throws Exception {
        try (KafkaServer server = KafkaServer.start(data);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Clients clients = new Clients(server.bootstrap());
            clients.create(TOPIC, 4);
            shareFromTheBeginning(clients);
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < PRODUCERS; i++) {
                String name = "p" + i;
                work.add(threads.submit(() -> produce(clients, name)));
            }
            List<Future<?>> readers = startReaders(clients, threads);
            for (int i = 1; i <= KILLS; i++) {
                awaitAcknowledged(i * PRODUCERS * RECORDS / (KILLS + 1));
                server.crash();
            }
            for (Future<?> each : work) {
                each.get(120, TimeUnit.SECONDS);
            }
            awaitReaders(readers);
            enough.set(true);
            for (Future<?> each : readers) {
                each.get(30, TimeUnit.SECONDS);
            }
            everyRecordIsThereOnceAndInOrder(clients);
            everyGroupHasCommittedAll(clients);
        }
    }

    private List<Future<?>> startReaders(Clients clients, ExecutorService threads) {
        List<Future<?>> readers = new ArrayList<>();
        for (String group : List.of("classic", "consumer")) {
            for (int i = 0; i < 2; i++) {
                readers.add(threads.submit(() -> read(clients, group)));
            }
        }
        for (int i = 0; i < 2; i++) {
            readers.add(threads.submit(() -> share(clients)));
        }
        return readers;
    }

    private static void shareFromTheBeginning(Clients clients) throws Exception {
        try (Admin admin = clients.admin()) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.GROUP, "share"),
                                    List.of(
                                            new AlterConfigOp(
                                                    new ConfigEntry(
                                                            "share.auto.offset.reset", "earliest"),
                                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    /// Every record that it sends is acknowledged in the end, or this fails.
    private void produce(Clients clients, String name) {
        Semaphore underWay = new Semaphore(UNDER_WAY_MAX);
        CompletableFuture<Void> failed = new CompletableFuture<>();
        try (KafkaProducer<String, String> producer =
                clients.producer(Map.of("linger.ms", "2", "batch.size", "2048"))) {
            for (int i = 0; i < RECORDS && !failed.isDone(); i++) {
                underWay.acquireUninterruptibly();
                Future<RecordMetadata> _ =
                        producer.send(
                                new ProducerRecord<>(TOPIC, "k" + i % KEYS, name + " " + i),
                                (_, problem) -> {
                                    underWay.release();
                                    if (problem == null) {
                                        acknowledged.incrementAndGet();
                                    } else {
                                        failed.completeExceptionally(problem);
                                    }
                                });
            }
            producer.flush();
        }
        assertThat(failed).isNotCompletedExceptionally();
    }

    private Set<String> seenBy(String group) {
        return seen.computeIfAbsent(group, _ -> ConcurrentHashMap.newKeySet());
    }

    private void read(Clients clients, String protocol) {
        Map<String, String> settings =
                Map.of("group.id", protocol, "group.protocol", protocol, "max.poll.records", "100");
        try (KafkaConsumer<String, String> consumer = clients.consumer(settings)) {
            consumer.subscribe(Set.of(TOPIC));
            while (!enough.get()) {
                for (ConsumerRecord<String, String> each : consumer.poll(POLL)) {
                    seenBy(protocol).add(each.value());
                }
                commit(consumer);
            }
        }
    }

    /// What could not be committed, as the group has changed or the server is away, is read again.
    private static void commit(KafkaConsumer<String, String> consumer) {
        try {
            consumer.commitSync(Duration.ofSeconds(20));
        } catch (CommitFailedException | org.apache.kafka.common.errors.RetriableException _) {
            // The next commit holds this one, too, or somebody else reads these records.
        }
    }

    private void share(Clients clients) {
        try (KafkaShareConsumer<String, String> consumer = clients.shareConsumer("share")) {
            consumer.subscribe(Set.of(TOPIC));
            while (!enough.get()) {
                for (ConsumerRecord<String, String> each : consumer.poll(POLL)) {
                    seenBy("share").add(each.value());
                    consumer.acknowledge(each, AcknowledgeType.ACCEPT);
                }
                // What could not be acknowledged, as the server was away, is given out again.
                consumer.commitSync();
            }
        } catch (KafkaException e) {
            throw new AssertionError("the share consumer gave up", e);
        }
    }

    private void awaitAcknowledged(int count) {
        await().atMost(90, TimeUnit.SECONDS)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> acknowledged.get() >= count);
    }

    /// Fails at once if one of them has failed.
    private void awaitReaders(List<Future<?>> readers) {
        await().atMost(90, TimeUnit.SECONDS)
                .untilAsserted(() -> {
                    for (Future<?> each : readers) {
                        if (each.state() == Future.State.FAILED) {
                            throw new IllegalStateException("a reader", each.exceptionNow());
                        }
                    }
                    assertThat(seen.keySet()).containsOnly("classic", "consumer", "share");
                    assertThat(seen.values())
                            .as("classic, consumer, share")
                            .extracting(Set::size)
                            .containsOnly(PRODUCERS * RECORDS);
                });
    }

    private static void everyRecordIsThereOnceAndInOrder(Clients clients) {
        Map<String, Integer> lastOf = new HashMap<>();
        Set<String> values = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> each : clients.committed(TOPIC)) {
            String value = new String(each.value(), StandardCharsets.UTF_8);
            assertThat(values.add(value)).as("%s is there once", value).isTrue();
            String[] words = value.split(" ", -1);
            String sequence = words[0] + " in partition " + each.partition();
            int number = Integer.parseInt(words[1]);
            assertThat(number).as(sequence).isGreaterThan(lastOf.getOrDefault(sequence, -1));
            lastOf.put(sequence, number);
        }
        assertThat(values).hasSize(PRODUCERS * RECORDS);
    }

    private static void everyGroupHasCommittedAll(Clients clients) throws Exception {
        try (Admin admin = clients.admin()) {
            for (String group : List.of("classic", "consumer")) {
                long committed =
                        admin
                                .listConsumerGroupOffsets(group)
                                .partitionsToOffsetAndMetadata()
                                .get()
                                .values()
                                .stream()
                                .mapToLong(each -> each.offset())
                                .sum();
                assertThat(committed).as(group).isEqualTo(PRODUCERS * RECORDS);
            }
        }
    }
}

package io.millrace.system.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Programs of Apache Flink, each in a process of its own with Flink's libraries.
@Tag("slow")
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
final class FlinkKafkaTest {
    private static final String PROGRAMS = "io.millrace.system.flink.";
    private static final List<String> ROOMS = List.of("4", "5", "6", "41", "42");
    private static final int RECORDS = 4_000;

    @TempDir Path folder;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
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
        threads.shutdownNow();
    }

    /// The program is killed between two checkpoints while readings keep coming in, and goes on
    /// from its latest checkpoint.
    @Test
    void everyReadingIsCountedOnce() throws Exception {
        clients.create("readings", 4);
        clients.create("counts", 2);
        clients.send(List.of(reading(0)));
        Path checkpoints = folder.resolve("checkpoints");
        Program program = program("CountProgram", checkpoints.toString());
        Future<?> produced;
        try (Program.Running first = program.start()) {
            await().atMost(60, TimeUnit.SECONDS).until(() -> counted(first) > 0);
            produced = threads.submit(this::produceOneByOne);
            await().atMost(60, TimeUnit.SECONDS).until(() -> counted(first) > RECORDS / 10);
            first.kill();
        }
        assertThat(checkpoints).isNotEmptyDirectory();
        assertThat(counted()).isLessThan(RECORDS);
        try (Program.Running second = program.start()) {
            await().atMost(90, TimeUnit.SECONDS).until(() -> counted(second) >= RECORDS);
            produced.get(60, TimeUnit.SECONDS);
        }
        assertThat(counts()).isEqualTo(oneByOne());
    }

    @Test
    void sqlReadsAndWritesTopics() throws Exception {
        // What is older than a topic's retention would be deleted while the program runs.
        long now = System.currentTimeMillis();
        clients.create("celsius", 4);
        clients.create("fahrenheit", 2);
        clients.send(
                List.of(
                        new ProducerRecord<>("celsius", null, now, "4", "{\"celsius\":20}"),
                        new ProducerRecord<>("celsius", null, now + 1, "5", "{\"celsius\":30}"),
                        new ProducerRecord<>("celsius", null, now + 2, "6", "{\"celsius\":10}")));
        program("SqlProgram", folder.resolve("sql").toString()).run().good();
        // The end of a transaction is answered before its markers are in all of its partitions.
        await().atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() ->
                        assertThat(clients.committed("fahrenheit"))
                                .extracting(
                                        each -> text(each.key()),
                                        each -> text(each.value()),
                                        ConsumerRecord::timestamp)
                                .containsExactlyInAnyOrder(
                                        tuple("4", "{\"fahrenheit\":68.0}", now),
                                        tuple("6", "{\"fahrenheit\":50.0}", now + 2)));
    }

    private Program program(String name, String... more) throws IOException {
        Path built = Path.of(System.getProperty("kafka.flink"));
        String classPath =
                built.resolve("classes")
                        + File.pathSeparator
                        + Files.readString(built.resolve("classpath.txt")).strip();
        List<String> arguments = new ArrayList<>(List.of(server.bootstrap()));
        arguments.addAll(List.of(more));
        Path temporary = Files.createDirectories(folder.resolve("temporary"));
        return Program.javaOf(classPath, PROGRAMS + name, arguments.toArray(String[]::new))
                .option("-Djava.io.tmpdir=" + temporary);
    }

    private static ProducerRecord<String, String> reading(int number) {
        String room = ROOMS.get(number * number % ROOMS.size());
        return new ProducerRecord<>("readings", "sensor-" + number, room + " " + number);
    }

    /// Each is acknowledged before the next, so that they take their time.
    private @Nullable Void produceOneByOne() throws Exception {
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            for (int i = 1; i < RECORDS; i++) {
                producer.send(reading(i)).get();
            }
        }
        return null;
    }

    private int counted(Program.Running program) {
        program.isStillThere();
        return counted();
    }

    private int counted() {
        return clients.committed("counts").size();
    }

    /// Every count that was written, in order, for each room.
    private Map<String, List<Long>> counts() {
        Map<String, List<Long>> counts = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> each : clients.committed("counts")) {
            counts.computeIfAbsent(text(each.key()), _ -> new ArrayList<>())
                    .add(Long.valueOf(text(each.value())));
        }
        return counts;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Map<String, List<Long>> oneByOne() {
        Map<String, Long> wanted = new TreeMap<>();
        for (int i = 0; i < RECORDS; i++) {
            wanted.merge(reading(i).value().split(" ", 2)[0], 1L, Long::sum);
        }
        Map<String, List<Long>> counts = new TreeMap<>();
        wanted.forEach(
                (room, last) -> counts.put(room, LongStream.rangeClosed(1, last).boxed().toList()));
        return counts;
    }
}

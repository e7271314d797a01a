package io.millrace.system.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A Kafka Streams application with state, repartitioning and `exactly_once_v2`, which is killed,
/// as is the server: every word is counted once.
@Tag("slow")
@Timeout(240)
final class StreamsKafkaTest {
    private static final List<String> WORDS = List.of("mill", "race", "wheel", "water", "grain");
    private static final int RECORDS = 1_000;

    @TempDir Path folder;

    @Test
    void everyWordIsCountedOnce() throws Exception {
        try (KafkaServer server = KafkaServer.start(folder.resolve("data"))) {
            Clients clients = new Clients(server.bootstrap());
            clients.create(StreamsProgram.INPUT, 3);
            clients.create(StreamsProgram.OUTPUT, 2);
            Map<String, Long> wanted = new TreeMap<>();
            try (Program.Running first = program(server)) {
                produce(clients, wanted);
                await().atMost(60, TimeUnit.SECONDS).until(() -> counted(clients) > RECORDS / 4);
                first.kill();
            }
            try (Program.Running second = program(server)) {
                produce(clients, wanted);
                await().atMost(60, TimeUnit.SECONDS).until(() -> counted(clients) > RECORDS + 10);
                server.crash();
                produce(clients, wanted);
                await().atMost(90, TimeUnit.SECONDS).until(() -> counted(clients) >= 3 * RECORDS);
                assertThat(second.isAlive()).isTrue();
            }
            assertThat(counts(clients)).isEqualTo(oneByOne(wanted));
        }
    }

    private Program.Running program(KafkaServer server) throws Exception {
        return Program.java(
                        StreamsProgram.class.getName(),
                        server.bootstrap(),
                        folder.resolve("state").toString())
                .start();
    }

    private static void produce(Clients clients, Map<String, Long> wanted) throws Exception {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            String word = WORDS.get(i * i % WORDS.size());
            wanted.merge(word, 1L, Long::sum);
            records.add(new ProducerRecord<>(StreamsProgram.INPUT, "k" + i, word + " " + i));
        }
        clients.send(records);
    }

    private static int counted(Clients clients) {
        return clients.committed(StreamsProgram.OUTPUT).size();
    }

    /// Every count that was written, in order, for each word.
    private static Map<String, List<Long>> counts(Clients clients) {
        Map<String, List<Long>> counts = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> each : clients.committed(StreamsProgram.OUTPUT)) {
            counts.computeIfAbsent(
                            new String(each.key(), StandardCharsets.UTF_8), _ -> new ArrayList<>())
                    .add(ByteBuffer.wrap(each.value()).getLong());
        }
        return counts;
    }

    private static Map<String, List<Long>> oneByOne(Map<String, Long> wanted) {
        Map<String, List<Long>> counts = new HashMap<>();
        wanted.forEach(
                (word, last) -> counts.put(word, LongStream.rangeClosed(1, last).boxed().toList()));
        return counts;
    }
}

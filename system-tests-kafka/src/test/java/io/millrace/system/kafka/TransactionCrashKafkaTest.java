package io.millrace.system.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.tools.TransactionalMessageCopier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kafka's TransactionalMessageCopier reads, writes and commits offsets in transactions, of which
/// it aborts some, while the server is killed again and again, and the copier once: each record is
/// copied exactly once.
@Tag("slow")
@Timeout(300)
final class TransactionCrashKafkaTest {
    private static final int PARTITIONS = 2;
    private static final int RECORDS = 4_000;
    private static final int KILLS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final List<Program.Running> copiers = new CopyOnWriteArrayList<>();

    @TempDir Path data;

    @Test
    void everyRecordIsCopiedOnceHoweverOftenTheServerIsKilled() throws Exception {
        try (KafkaServer server = KafkaServer.start(data);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Clients clients = new Clients(server.bootstrap());
            clients.create("input", PARTITIONS);
            clients.create("output", PARTITIONS);
            List<String> wanted = fill(clients);
            List<CompletableFuture<Void>> ended = new ArrayList<>();
            for (int i = 0; i < PARTITIONS; i++) {
                int partition = i;
                ended.add(
                        CompletableFuture.runAsync(
                                () -> copy(server.bootstrap(), partition), threads));
            }
            for (int i = 1; i <= KILLS; i++) {
                awaitProgress(i * RECORDS / (KILLS + 2));
                server.crash();
            }
            copiers.getFirst().kill();
            CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(sorted(values(clients, "output"))).isEqualTo(sorted(wanted));
        } finally {
            copiers.forEach(Program.Running::close);
        }
    }

    private static List<String> fill(Clients clients) throws Exception {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                String value = partition + "-" + i;
                records.add(new ProducerRecord<>("input", partition, "key-" + i, value));
            }
        }
        clients.send(records);
        return records.stream().map(ProducerRecord::value).toList();
    }

    /// Runs copiers of one partition until one of them says that it has come to the end.
    private void copy(String bootstrap, int partition) {
        Program program =
                Program.java(
                        TransactionalMessageCopier.class.getName(),
                        "--broker-list",
                        bootstrap,
                        "--input-topic",
                        "input",
                        "--input-partition",
                        Integer.toString(partition),
                        "--output-topic",
                        "output",
                        "--max-messages",
                        "-1",
                        "--consumer-group",
                        "copiers-" + partition,
                        "--transaction-size",
                        "20",
                        "--transaction-timeout",
                        "10000",
                        "--transactional-id",
                        "copier-" + partition,
                        "--enable-random-aborts",
                        "--use-group-metadata");
        try {
            int code;
            do {
                Program.Running copier = program.start();
                copiers.add(copier);
                code = copier.await(PATIENCE).exitCode();
            } while (code != 0);
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    /// Each line of a copier tells how many it has copied since it was started.
    private void awaitProgress(int records) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() ->
                        copiers.stream().mapToInt(TransactionCrashKafkaTest::copied).sum()
                                >= records);
    }

    private static int copied(Program.Running copier) {
        return copier.lines().stream()
                .filter(line -> line.contains("\"consumed\":"))
                .mapToInt(
                        line -> Integer.parseInt(line.replaceAll(".*\"consumed\":(\\d+).*", "$1")))
                .max()
                .orElse(0);
    }

    private static List<String> values(Clients clients, String topic) {
        return clients.committed(topic).stream()
                .map(each -> new String(each.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> sorted(List<String> values) {
        return values.stream().sorted().toList();
    }
}

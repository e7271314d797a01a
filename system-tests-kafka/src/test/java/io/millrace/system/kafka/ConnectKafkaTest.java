package io.millrace.system.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A worker of Kafka Connect takes lines from a file into a topic and from the topic into another
/// file, while it is killed, and the server, too: the topic has each line once and in order, the
/// other file has each line.
@Tag("slow")
@Timeout(240)
final class ConnectKafkaTest {
    private static final int LINES = 1_000;

    /// The source holds whole lines back when its buffer of 1024 characters has more than a batch.
    private static final String LONG = " line".repeat(300);

    private final List<String> wanted = new ArrayList<>();

    @TempDir Path folder;

    @Test
    void everyLineArrives() throws Exception {
        Path input = folder.resolve("input");
        Path output = folder.resolve("output");
        append(input);
        try (KafkaServer server = KafkaServer.start(folder.resolve("data"));
                ConnectWorker worker = ConnectWorker.start(folder, server.bootstrap())) {
            Clients clients = new Clients(server.bootstrap());
            clients.create("lines", 1);
            await().atMost(60, TimeUnit.SECONDS).until(() -> worker.put("source", source(input)));
            await().atMost(60, TimeUnit.SECONDS).until(() -> worker.put("sink", sink(output)));
            await().atMost(60, TimeUnit.SECONDS).until(() -> arrived(output) > LINES / 4);
            worker.kill();
            endLine(output);
            append(input);
            worker.restart();
            await().atMost(60, TimeUnit.SECONDS).until(() -> arrived(output) > LINES + LINES / 4);
            server.crash();
            append(input);
            await().atMost(120, TimeUnit.SECONDS).until(() -> arrived(output) >= wanted.size());
            assertThat(stored(clients)).isEqualTo(wanted);
            assertThat(worker.tasks("source")).containsExactly("RUNNING");
            assertThat(worker.tasks("sink")).containsExactly("RUNNING");
        }
    }

    private static Map<String, String> source(Path input) {
        return Map.of(
                "connector.class",
                "org.apache.kafka.connect.file.FileStreamSourceConnector",
                "file",
                input.toString(),
                "topic",
                "lines",
                "batch.size",
                "10",
                "exactly.once.support",
                "required");
    }

    private static Map<String, String> sink(Path output) {
        return Map.of(
                "connector.class",
                "org.apache.kafka.connect.file.FileStreamSinkConnector",
                "file",
                output.toString(),
                "topics",
                "lines",
                "consumer.override.isolation.level",
                "read_committed",
                "consumer.override.session.timeout.ms",
                "6000");
    }

    /// Writes further lines to what the source reads.
    private void append(Path input) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            lines.add((wanted.size() + i) + LONG);
        }
        Files.write(input, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        wanted.addAll(lines);
    }

    /// A sink that was killed may leave half a line behind, which the next would go on with.
    private static void endLine(Path output) throws IOException {
        Files.writeString(output, "\n", StandardOpenOption.APPEND);
    }

    /// How many of the lines the sink has written.
    private int arrived(Path output) throws IOException {
        if (!Files.exists(output)) {
            return 0;
        }
        Set<String> lines = new HashSet<>(Files.readAllLines(output));
        lines.retainAll(new HashSet<>(wanted));
        return lines.size();
    }

    /// The lines in the topic, which are JSON.
    private static List<String> stored(Clients clients) {
        return clients.committed("lines").stream()
                .map(each -> new String(each.value(), StandardCharsets.UTF_8))
                .map(text -> text.substring(1, text.length() - 1))
                .toList();
    }
}

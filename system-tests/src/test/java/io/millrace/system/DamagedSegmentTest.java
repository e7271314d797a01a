package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A byte in the middle of a stored file changes while the server is stopped: it is found and
/// reported, and everything else goes on.
@Timeout(120)
final class DamagedSegmentTest {
    @TempDir Path folder;

    @Test
    void afterACleanStopItIsFoundByReading() throws Exception {
        try (ServerProcess server = ServerProcess.start(folder)) {
            fill(new ServerClient(server));
        }
        Path file = flip("event-5");
        try (ServerProcess server = ServerProcess.start(folder)) {
            ServerClient client = new ServerClient(server);
            HttpResponse<String> behind = client.get("/streams/bad/events?partition=0&from=5");
            assertThat(behind.statusCode()).isEqualTo(500);
            assertThat(behind.body())
                    .contains("partition-corrupt", file.toString(), "at position ")
                    .contains("Reading bad/0 can go on at offset 6.");
            reportedAndOthersGoOn(client, file);
        }
    }

    @Test
    void afterAKillItIsFoundByTheStart() throws Exception {
        ServerProcess killed = ServerProcess.start(folder);
        fill(new ServerClient(killed));
        killed.kill();
        Path file = flip("event-5");
        try (ServerProcess server = ServerProcess.start(folder)) {
            reportedAndOthersGoOn(new ServerClient(server), file);
        }
    }

    private static void fill(ServerClient client) throws IOException, InterruptedException {
        for (String name : List.of("bad", "good")) {
            String stream = "{\"mount\":\"/%s\",\"partitions\":1}".formatted(name);
            assertThat(client.put("/api/v1/streams/" + name, stream).statusCode()).isEqualTo(201);
        }
        for (int i = 0; i < 10; i++) {
            for (String name : List.of("bad", "good")) {
                String data = "event-%d of %s".formatted(i, name);
                assertThat(client.publish("/" + name + "/a", "" + i, data).statusCode())
                        .isEqualTo(202);
            }
        }
    }

    /// Changes one byte of the data that begins with the text.
    private Path flip(String text) throws IOException {
        try (var files = Files.walk(folder)) {
            Path file =
                    files.filter(path -> path.toString().contains("/bad."))
                            .filter(path -> path.toString().endsWith(".log"))
                            .findFirst()
                            .orElseThrow();
            String content = Files.readString(file, StandardCharsets.ISO_8859_1);
            int at = content.indexOf(text);
            assertThat(at).isPositive();
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
                open.seek(at);
                open.write(content.charAt(at) ^ 1);
            }
            return file;
        }
    }

    private static void reportedAndOthersGoOn(ServerClient client, Path file)
            throws IOException, InterruptedException {
        HttpResponse<String> health = client.get("/health/ready");
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body())
                .contains("\"status\":\"degraded\"", "bad/0: ", file.toString(), "at position ");
        assertThat(client.get("/api/v1/streams/bad/status").body())
                .contains("\"state\":\"open\",\"damages\":[\"The record", file.toString());
        assertThat(client.get("/api/v1/streams/good/status").body()).doesNotContain("damages");
        // Before and behind the damage all is there, and more can be published.
        assertThat(client.get("/streams/bad/events?partition=0&from=6&max=100").body().lines())
                .hasSize(4);
        assertThat(client.get("/streams/bad/events?partition=0&from=0&max=5").body().lines())
                .hasSize(5);
        assertThat(client.publish("/bad/a", "more", "x").statusCode()).isEqualTo(202);
        assertThat(client.publish("/good/a", "more", "x").statusCode()).isEqualTo(202);
        assertThat(client.ids("good", "/good/a")).hasSize(11).endsWith("9", "more");
    }
}

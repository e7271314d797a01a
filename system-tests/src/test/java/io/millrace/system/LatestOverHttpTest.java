package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The latest event of each context from the real server, which is killed meanwhile.
final class LatestOverHttpTest {
    private static final int CONTEXTS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    private @Nullable ServerProcess running;

    @AfterEach
    void end() {
        if (running != null) {
            running.close();
        }
    }

    @Test
    void itIsWhatWasPublishedLastThroughKillsAndStops(@TempDir Path data) throws Exception {
        Map<String, Integer> expected = new HashMap<>();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            ServerProcess server = start(data);
            publish(client, server, 0, CONTEXTS, 1, expected);
            publish(client, server, 100, 200, 2, expected);
            assertThat(latest(client, server, "?limit=77")).isEqualTo(expected);
            server.kill();
            server = start(data);
            assertThat(latest(client, server, "?limit=77&retained=true")).isEqualTo(expected);
            publish(client, server, 150, 160, 3, expected);
            // SIGTERM has ended it.
            assertThat(server.stop()).isEqualTo(143);
            server = start(data);
            assertThat(latest(client, server, "?retained=true")).isEqualTo(expected);
            publish(client, server, 10, 20, 4, expected);
            server.kill();
            server = start(data);
            assertThat(latest(client, server, "")).isEqualTo(expected);
            HttpResponse<String> one = get(client, server, "/latest/rooms/15?retained=true");
            assertThat(one.body().lines())
                    .hasSize(1)
                    .allMatch(line -> line.contains("\"id\":\"4\""));
        }
    }

    private ServerProcess start(Path data) throws IOException {
        ServerProcess started = ServerProcess.start(data, "--kafka-port", "0");
        running = started;
        return started;
    }

    private static HttpResponse<String> get(HttpClient client, ServerProcess server, String path)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(server.address() + path))
                        .timeout(PATIENCE)
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void publish(
            HttpClient client,
            ServerProcess server,
            int from,
            int to,
            int id,
            Map<String, Integer> expected) {
        List<CompletableFuture<HttpResponse<Void>>> answers = new ArrayList<>();
        for (int i = from; i < to; i++) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(server.address() + "/events/rooms/" + i))
                            .timeout(PATIENCE)
                            .header("ce-specversion", "1.0")
                            .header("ce-id", "" + id)
                            .header("ce-source", "/test")
                            .header("ce-type", "t")
                            .POST(HttpRequest.BodyPublishers.ofString("x"))
                            .build();
            answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.discarding()));
            expected.put("/rooms/" + i, id);
        }
        assertThat(answers.stream().map(CompletableFuture::join))
                .allMatch(answer -> answer.statusCode() == 202);
    }

    private static Map<String, Integer> latest(
            HttpClient client, ServerProcess server, String query) throws Exception {
        Map<String, Integer> found = new HashMap<>();
        String path = "/latest/rooms/*" + query;
        while (path != null) {
            HttpResponse<String> page = get(client, server, path);
            assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
            try (Stream<String> lines = page.body().lines()) {
                for (String line : (Iterable<String>) lines::iterator) {
                    JsonNode envelope = JSON.readTree(line);
                    String context = envelope.path("context").asString();
                    int id = Integer.parseInt(envelope.path("event").path("id").asString());
                    assertThat(found.put(context, id)).isNull();
                }
            }
            path = next(page);
        }
        return found;
    }

    private static @Nullable String next(HttpResponse<String> page) {
        String link = page.headers().firstValue("link").orElse("");
        boolean isEnd = page.headers().firstValue("millrace-end").isPresent();
        assertThat(link.isEmpty()).isEqualTo(isEnd);
        return isEnd ? null : link.substring(1, link.indexOf('>'));
    }
}

package io.millrace.example.building41;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The reactions against a Millrace that answers as it is told.
class ReactionsTest {
    private static final String JOB =
            """
            {"leases":[{"token":"t1","event":{"type":"io.contoso.building.gas.alarm.raised",\
            "subject":"room 1.02","time":"2026-03-03T08:00:00Z"}}]}\
            """;

    private final Queue<String> answers = new ConcurrentLinkedQueue<>();
    private final Queue<String> applied = new ConcurrentLinkedQueue<>();
    private final Queue<String> settled = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        client.shutdownNow();
        server.stop(0);
    }

    private Reactions react() throws IOException {
        return new Reactions(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                0,
                new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath();
            String text = "{\"leases\":[]}";
            int status = 200;
            if (path.equals("/api/v1/apply")) {
                Integer first = statuses.poll();
                status = first == null ? 200 : first;
                applied.add(body);
            } else if (path.endsWith("/settle")) {
                settled.add(path + " " + body);
            } else {
                String job = path.startsWith("/queues/fire") ? answers.poll() : null;
                if (job == null) {
                    // As a queue without jobs does.
                    boolean _ = end.await(20, TimeUnit.SECONDS);
                } else {
                    text = job;
                }
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void jobsAreDoneAndCompletedAndWhatIsNoneIsRejected() throws IOException {
        answers.addAll(List.of(JOB, "{\"leases\":[{\"token\":\"t2\",\"event\":{}}]}"));
        try (Reactions _ = react()) {
            await().until(() -> settled.size() == 2);
        }
        assertThat(settled)
                .containsExactly(
                        "/queues/fire-department/settle"
                                + " {\"settlements\":[{\"token\":\"t1\",\"action\":\"complete\"}]}",
                        "/queues/fire-department/settle"
                                + " {\"settlements\":[{\"token\":\"t2\",\"action\":\"reject\","
                                + "\"reason\":\"type is missing\"}]}");
        assertThat(said.toString(StandardCharsets.UTF_8))
                .isEqualTo("fire-department: the gas team goes to room 1.02\n");
    }

    @Test
    void theBellsRingOnceForEachAlarm() throws Exception {
        try (Reactions _ = react()) {
            URI hook = hook();
            String data = "{\"because\":\"fire\",\"where\":\"room 3.04\"}";
            assertThat(push(hook, "1", data)).isEqualTo(204);
            assertThat(push(hook, "1", data)).isEqualTo(204);
            assertThat(push(hook, "2", data)).isEqualTo(204);
            assertThat(push(hook, "3", "fire!")).isEqualTo(400);
        }
        assertThat(said.toString(StandardCharsets.UTF_8).lines())
                .startsWith("evacuate: fire in room 3.04", "evacuate: fire in room 3.04")
                .hasSize(3);
    }

    @Test
    void aServerThatIsBusyIsAskedAgainAndARefusalIsSaid() throws IOException {
        statuses.addAll(List.of(503, 422));
        try (Reactions _ = react()) {
            await().until(() -> said.size() > 0);
        }
        assertThat(applied).hasSize(2);
        assertThat(said.toString(StandardCharsets.UTF_8))
                .startsWith("building-41: does not react, as this was refused: /api/v1/apply");
    }

    /// Where the subscription that was applied pushes to.
    private URI hook() {
        await().until(() -> !applied.isEmpty());
        Matcher url = Pattern.compile("url: (\\S+)").matcher(applied.element());
        assertThat(url.find()).isTrue();
        return URI.create(url.group(1));
    }

    private int push(URI hook, String id, String data) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(hook)
                        .header("ce-id", id)
                        .header("ce-source", "/sensors/4")
                        .POST(HttpRequest.BodyPublishers.ofString(data))
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}

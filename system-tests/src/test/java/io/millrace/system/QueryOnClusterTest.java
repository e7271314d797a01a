package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// Queries run on a real Flink cluster in processes of its own. A TaskManager is killed, the server
/// is killed, a query is paused and resumed: each window has one result, the one that the log says,
/// and the job that went on without the server is found again.
@Tag("slow")
@Timeout(600)
final class QueryOnClusterTest {
    private static final int KEYS = 4;
    private static final long LATE_MILLIS = 20_000;
    private static final long START = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final long END = START + Duration.ofDays(1).toMillis();
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String WINDOWS =
            """
            SELECT k, window_end, COUNT(*) AS c, SUM(n) AS s \
            FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(event_time), INTERVAL '1' SECOND)) \
            GROUP BY k, window_start, window_end\
            """;
    private static final String MAXIMA = "SELECT k, MAX(n) AS n FROM readings GROUP BY k";
    private static final String QUERY =
            """
            {"inputs": {"readings": {"stream": "crash", "schema": {"k": "STRING", "n": "INT"}}},
             "sql": "%s", "output": %s, "start": "earliest", "checkpointEvery": "500ms",
             "eventTime": {"delay": "500ms", "idle": "never"%s},
             "cluster": "%s", "savepoints": "%s"}
            """;

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private volatile boolean enough;

    @TempDir Path folder;

    @Test
    void eachResultComesOnceWhoeverIsKilled() throws Exception {
        int port = FlinkCluster.freePort();
        URI address = URI.create("http://127.0.0.1:" + port);
        ServerProcess server = start(port);
        try (FlinkCluster cluster = new FlinkCluster(folder);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            put(address, "/api/v1/streams/crash", "{\"mount\":\"/crash\",\"partitions\":2}");
            everyKey(address, "first", START);
            createQueries(address, cluster);
            var published = CompletableFuture.runAsync(() -> publish(address), threads);
            try {
                awaitMore(address);
                List<String> jobs = cluster.jobs();
                assertThat(jobs).hasSize(2);

                cluster.killTaskManager();
                cluster.startTaskManager();
                awaitMore(address);
                server.kill();
                server = start(port);
                awaitMore(address);
                awaitRunning(address);
                assertThat(cluster.jobs()).containsExactlyInAnyOrderElementsOf(jobs);

                post(address, "/queries/windows/pause");
                assertThat(cluster.jobs()).hasSize(1);
                assertThat(status(address).path("state").asString()).isEqualTo("paused");
                post(address, "/queries/windows/resume");
                awaitMore(address);
            } finally {
                enough = true;
            }
            published.join();
            everyKey(address, "last", END);
            check(address);
            for (String query : List.of("windows", "maxima")) {
                send(HttpRequest.newBuilder(address.resolve("/api/v1/queries/" + query)).DELETE());
            }
            await().atMost(PATIENCE).until(() -> cluster.jobs().isEmpty());
        } finally {
            server.close();
        }
    }

    private ServerProcess start(int port) throws IOException {
        return ServerProcess.start(
                folder.resolve("data"), "--port", Integer.toString(port), "--kafka-port", "0");
    }

    private void createQueries(URI address, FlinkCluster cluster) {
        URI savepoints = folder.resolve("savepoints").toUri();
        put(address, "/api/v1/views/maxima", "{}");
        put(
                address,
                "/api/v1/queries/windows",
                QUERY.formatted(
                        WINDOWS, "{\"context\": \"/out/{k}\"}", "", cluster.address(), savepoints));
        put(
                address,
                "/api/v1/queries/maxima",
                QUERY.formatted(
                        MAXIMA,
                        "{\"view\": \"maxima\", \"key\": \"{k}\"}",
                        ", \"lateContext\": \"none\"",
                        cluster.address(),
                        savepoints));
    }

    private List<CountedWindows.Stored> read(URI address, String stream, String pattern)
            throws IOException, InterruptedException {
        return CountedWindows.read(client, address, stream, pattern);
    }

    private void awaitMore(URI address) throws IOException, InterruptedException {
        int before = read(address, "events", "/out/**").size();
        await().pollInterval(Duration.ofMillis(200))
                .atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(read(address, "events", "/out/**").size())
                                .as(() -> status(address).toString())
                                .isGreaterThan(before + 10));
    }

    private void awaitRunning(URI address) {
        await().atMost(PATIENCE)
                .until(() -> status(address).path("state").asString().equals("running"));
    }

    private void check(URI address) throws IOException, InterruptedException {
        var model = CountedWindows.model(read(address, "crash", "/**"), START, END);
        await().pollInterval(Duration.ofMillis(300))
                .atMost(PATIENCE)
                .until(() ->
                        read(address, "events", "/out/**").size() >= model.results().size()
                                && read(address, "events", "/late/windows").size()
                                        >= model.late().size());
        // Whatever comes twice may come a little later.
        pause(1_500);
        List<String> twice = new ArrayList<>();
        Map<String, String> results =
                CountedWindows.results(read(address, "events", "/out/**"), START, twice);
        assertThat(twice).as("results that came twice").isEmpty();
        assertThat(results).isEqualTo(model.results());
        assertThat(model.late()).isNotEmpty();
        assertThat(read(address, "events", "/late/windows"))
                .extracting(CountedWindows.Stored::id)
                .containsExactlyInAnyOrderElementsOf(model.late());
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(status(address).path("counts").path("late").asInt())
                                .isEqualTo(model.late().size()));
        checkView(address, model);
    }

    private void checkView(URI address, CountedWindows.Model model)
            throws IOException, InterruptedException {
        Map<String, Integer> expected = new TreeMap<>();
        for (CountedWindows.Stored each : read(address, "crash", "/**")) {
            if (!model.late().contains(each.id())) {
                expected.merge(
                        each.data().path("k").asString(), each.data().path("n").asInt(), Math::max);
            }
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(maxima(address)).isEqualTo(expected));
    }

    private Map<String, Integer> maxima(URI address) {
        Map<String, Integer> maxima = new TreeMap<>();
        JsonNode view = send(HttpRequest.newBuilder(address.resolve("/views/maxima")).GET());
        for (JsonNode item : view.path("items")) {
            maxima.put(item.path("key").asString(), item.path("value").path("n").asInt());
        }
        return maxima;
    }

    private JsonNode status(URI address) {
        return send(
                HttpRequest.newBuilder(address.resolve("/api/v1/queries/windows/status")).GET());
    }

    private void put(URI address, String path, String json) {
        send(
                HttpRequest.newBuilder(address.resolve(path))
                        .header("content-type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    private void post(URI address, String path) {
        send(
                HttpRequest.newBuilder(address.resolve(path))
                        .POST(HttpRequest.BodyPublishers.noBody()));
    }

    /// Again and again until somebody answers, and well.
    private JsonNode send(HttpRequest.Builder request) {
        while (true) {
            try {
                HttpResponse<String> answer =
                        client.send(
                                request.timeout(PATIENCE).build(),
                                HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() >= 300) {
                    throw new AssertionError(answer.body());
                }
                return JSON.readTree(answer.body().isEmpty() ? "{}" : answer.body());
            } catch (IOException _) {
                pause(100);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void everyKey(URI address, String id, long time) {
        for (int key = 0; key < KEYS; key++) {
            ArrayNode batch = JSON.createArrayNode();
            add(batch, id + key, key, time, 0);
            publish(address, key, batch);
        }
    }

    private static void add(ArrayNode batch, String id, int key, long time, int number) {
        batch.addObject()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "/crash")
                .put("type", "reading")
                .put("time", Instant.ofEpochMilli(time).toString())
                .put("datacontenttype", "application/json")
                .putObject("data")
                .put("k", "k" + key)
                .put("n", number);
    }

    private void publish(URI address, int key, ArrayNode batch) {
        send(
                HttpRequest.newBuilder(address.resolve("/events/crash/k" + key))
                        .header("content-type", "application/cloudevents-batch+json")
                        .POST(HttpRequest.BodyPublishers.ofString(batch.toString())));
    }

    private void publish(URI address) {
        long time = START;
        for (int i = 0; !enough; i += 5) {
            ArrayNode batch = JSON.createArrayNode();
            for (int number = i; number < i + 5; number++) {
                time += 20;
                boolean late = number % 97 == 0 && time - LATE_MILLIS >= START;
                add(batch, "e" + number, i / 5 % KEYS, late ? time - LATE_MILLIS : time, number);
            }
            publish(address, i / 5 % KEYS, batch);
            pause(10);
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }
}

package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// A query counts in windows while the real server is killed again and again; at the end every
/// window has one result, the one that the log says.
@Tag("slow")
@Timeout(300)
final class QueryCrashTest {
    private static final int KILLS = 3;
    private static final int KEYS = 8;
    private static final long LATE_MILLIS = 20_000;
    private static final long START = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final long END = START + Duration.ofDays(1).toMillis();
    private static final String BATCH_TYPE = "application/cloudevents-batch+json";
    private static final String QUERY =
            """
            {"inputs": {"readings": {"stream": "crash", "schema": {"k": "STRING", "n": "INT"}}},
             "sql": "SELECT k, window_end, COUNT(*) AS c, SUM(n) AS s \
            FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(event_time), INTERVAL '1' SECOND)) \
            GROUP BY k, window_start, window_end",
             "output": {"context": "/out/{k}"}, "start": "earliest", "checkpointEvery": "500ms",
             "eventTime": {"delay": "500ms", "idle": "never"}}
            """;

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private volatile boolean enough;

    @TempDir Path data;

    @Test
    void everyWindowHasOneResultHoweverOftenTheServerIsKilled() throws Exception {
        Random random = new Random(seed);
        try (CrashingServer server = new CrashingServer(data);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CrashingServer.good(
                    server.put("/api/v1/streams/crash", "{\"mount\":\"/crash\",\"partitions\":2}"));
            // Both partitions begin before the query does.
            everyKey(server, "first", START);
            CrashingServer.good(server.put("/api/v1/queries/windows", QUERY));
            Random own = new Random(random.nextLong());
            var published = CompletableFuture.runAsync(() -> publish(server, own), threads);
            try {
                for (int i = 0; i < KILLS; i++) {
                    if (i != 1) {
                        awaitMoreResults(server, published);
                    }
                    // The second time, it is likely to be still at what it lost with the first.
                    pause(random.nextInt(i == 1 ? 9_000 : 1_500));
                    server.crash();
                }
            } finally {
                enough = true;
            }
            published.join();
            everyKey(server, "last", END);
            check(server);
        }
    }

    private static void awaitMoreResults(CrashingServer server, CompletableFuture<Void> published)
            throws IOException, InterruptedException {
        int before = read(server, "events", "/out/**").size();
        await().pollInterval(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        published.isCompletedExceptionally()
                                || read(server, "events", "/out/**").size() > before + 20);
    }

    private void check(CrashingServer server) throws IOException, InterruptedException {
        CountedWindows.Model model = CountedWindows.model(read(server, "crash", "/**"), START, END);
        await().pollInterval(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        read(server, "events", "/out/**").size() >= model.results().size()
                                && read(server, "events", "/late/windows").size()
                                        >= model.late().size());
        // Whatever comes twice may come a little later.
        pause(1_500);
        List<String> twice = new ArrayList<>();
        Map<String, String> results =
                CountedWindows.results(read(server, "events", "/out/**"), START, twice);
        assertThat(twice).as("results that came twice, seed %d", seed).isEmpty();
        assertThat(results).as("seed %d", seed).isEqualTo(model.results());
        assertThat(model.late()).as("late ones, seed %d", seed).isNotEmpty();
        assertThat(read(server, "events", "/late/windows"))
                .as("seed %d", seed)
                .extracting(CountedWindows.Stored::id)
                .containsExactlyInAnyOrderElementsOf(model.late());
        JsonNode counts = server.get("/api/v1/queries/windows/status").path("counts");
        assertThat(counts.path("late").asLong()).as("%s", counts).isEqualTo(model.late().size());
    }

    private static List<CountedWindows.Stored> read(
            CrashingServer server, String stream, String pattern)
            throws IOException, InterruptedException {
        return CountedWindows.read(server.client(), server.address(), stream, pattern);
    }

    private static void everyKey(CrashingServer server, String id, long time) {
        for (int key = 0; key < KEYS; key++) {
            ArrayNode batch = CrashingServer.json().createArrayNode();
            add(batch, id + key, key, time, 0);
            send(server, key, batch);
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

    /// Again and again until it is acknowledged.
    private static void send(CrashingServer server, int key, ArrayNode batch) {
        CrashingServer.Answer answer = null;
        while (answer == null) {
            answer = server.post("/events/crash/k" + key, BATCH_TYPE, batch.toString());
        }
        CrashingServer.good(answer);
    }

    private void publish(CrashingServer server, Random random) {
        long time = START;
        for (int i = 0; !enough; ) {
            int key = random.nextInt(KEYS);
            ArrayNode batch = CrashingServer.json().createArrayNode();
            for (int left = 1 + random.nextInt(10); left > 0; left--, i++) {
                time += random.nextInt(40);
                boolean late = random.nextInt(40) == 0 && time - LATE_MILLIS >= START;
                add(batch, "e" + i, key, late ? time - LATE_MILLIS : time, random.nextInt(1_000));
            }
            send(server, key, batch);
            pause(5);
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }
}

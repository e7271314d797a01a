package io.millrace.example.retail;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// The few requests to Millrace that the example needs. Thread-safe.
final class MillraceClient implements AutoCloseable {
    /// The first query of a server loads the query engine, which takes a while on a busy machine.
    private static final Duration ANSWER_MAX = Duration.ofMinutes(5);

    private static final String BATCH = "application/cloudevents-batch+json";
    private static final int OK = 200;
    private static final int UNCHANGED = 304;
    private static final int NOT_FOUND = 404;

    private final URI server;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    MillraceClient(URI server) {
        this.server = server;
    }

    /// Sets resources up.
    void apply(String yaml) throws IOException, InterruptedException {
        post("/api/v1/apply", yaml, request -> request.header("Content-Type", "application/yaml"));
    }

    /// Publishes a batch of CloudEvents, all or none.
    void publishBatch(String events) throws IOException, InterruptedException {
        post("/events", events, request -> request.header("Content-Type", BATCH));
    }

    /// Publishes a JSON document as it is.
    void publish(String context, String type, String json)
            throws IOException, InterruptedException {
        post(
                "/events" + context,
                json,
                request ->
                        request.header("Content-Type", "application/json")
                                .header("ce-specversion", "1.0")
                                .header("ce-id", UUID.randomUUID().toString())
                                .header("ce-source", context)
                                .header("ce-type", type));
    }

    /// Waits until an entry of a view is as it should be.
    ///
    /// @return whether it came to be so in time
    boolean awaitEntry(String view, String key, Predicate<Map<String, Object>> wanted, Duration max)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + max.toNanos();
        String path = "/views/%s/%s?wait=1s".formatted(view, encoded(key));
        String etag = "";
        while (System.nanoTime() < end) {
            HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
            if (!etag.isEmpty()) {
                request.header("If-None-Match", etag);
            }
            HttpResponse<String> answer = send(request.timeout(ANSWER_MAX).build());
            switch (answer.statusCode()) {
                case OK -> {
                    if (wanted.test(Json.object(answer.body()))) {
                        return true;
                    }
                    etag = answer.headers().firstValue("ETag").orElse("");
                }
                case UNCHANGED, NOT_FOUND -> {
                    // Asked again.
                }
                default -> throw refused(answer);
            }
        }
        return false;
    }

    /// Everything that a view holds, by key.
    Map<String, Map<String, Object>> entries(String view) throws IOException, InterruptedException {
        Map<String, Map<String, Object>> entries = new TreeMap<>();
        String from = "";
        while (true) {
            String path = "/views/" + view + "?limit=1000" + from;
            HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
            HttpResponse<String> answer = send(request.timeout(ANSWER_MAX).build());
            if (answer.statusCode() != OK) {
                throw refused(answer);
            }
            Map<String, Object> page = Json.object(answer.body());
            for (Map<String, Object> item : Json.objectsIn(page, "items")) {
                entries.put(Json.textIn(item, "key"), Json.objectIn(item, "value"));
            }
            Object next = page.get("next");
            if (next == null) {
                return entries;
            }
            from = "&after=" + encoded(next.toString());
        }
    }

    private void post(String path, String body, UnaryOperator<HttpRequest.Builder> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.resolve(path))
                        .timeout(ANSWER_MAX)
                        .POST(BodyPublishers.ofString(body));
        HttpResponse<String> answer = send(headers.apply(request).build());
        if (answer.statusCode() / 100 != 2) {
            throw refused(answer);
        }
    }

    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    private static IOException refused(HttpResponse<String> answer) {
        return new IOException(
                "%s: status %d %s"
                        .formatted(answer.uri().getPath(), answer.statusCode(), answer.body()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

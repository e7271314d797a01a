package io.millrace.example.stadium;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The few requests to Millrace that the programs need. Thread-safe.
final class MillraceClient implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(40);

    private final URI server;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    MillraceClient(URI server) {
        this.server = server;
    }

    /// An event or a job that was given out for a while.
    ///
    /// @param token proves that it was given to us
    record Lease(String token, Map<String, Object> event) {}

    /// Publishes events, all or none.
    ///
    /// @throws IOException if they were not taken; they may be sent again
    void publish(List<TicketEvent> events) throws IOException, InterruptedException {
        String body =
                events.stream()
                        .map(TicketEvent::toCloudEvent)
                        .collect(Collectors.joining(",\n", "[", "]"));
        post("/events", "application/cloudevents-batch+json", body);
    }

    /// Receives from a queue (`queues/NAME`) or a pull subscription (`subscriptions/NAME`).
    List<Lease> receive(String from, int max, Duration wait)
            throws IOException, InterruptedException {
        String path = "/%s/receive?max=%d&wait=%ds".formatted(from, max, wait.toSeconds());
        List<Lease> leases = new ArrayList<>();
        for (Map<String, Object> lease :
                Json.objectsIn(parsed(post(path, "application/json", "")), "leases")) {
            leases.add(new Lease(Json.textIn(lease, "token"), Json.objectIn(lease, "event")));
        }
        return leases;
    }

    /// Settles leases.
    ///
    /// @param settlements JSON objects as [#done] and [#rejected] make them
    void settle(String from, List<String> settlements) throws IOException, InterruptedException {
        String body = "{\"settlements\":[" + String.join(",", settlements) + "]}";
        post("/" + from + "/settle", "application/json", body);
    }

    /// Says that a lease is done.
    static String done(Lease lease) {
        return "{\"token\":%s,\"action\":\"complete\"}".formatted(Json.quote(lease.token()));
    }

    /// Says that a lease can never be done.
    static String rejected(Lease lease, String reason) {
        return "{\"token\":%s,\"action\":\"reject\",\"reason\":%s}"
                .formatted(Json.quote(lease.token()), Json.quote(reason));
    }

    /// Sets resources up.
    void apply(String yaml) throws IOException, InterruptedException {
        post("/api/v1/apply", "application/yaml", yaml);
    }

    /// What Millrace knows of all subscriptions and queues.
    List<Map<String, Object>> ledger() throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("/api/v1/ledger"));
        return Json.objectsIn(parsed(send(request.timeout(ANSWER_MAX).build())), "items");
    }

    private static Map<String, Object> parsed(String answer) throws IOException {
        try {
            return Json.object(answer);
        } catch (IllegalArgumentException e) {
            throw new IOException("this is no Millrace: " + e.getMessage(), e);
        }
    }

    private String post(String path, String type, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
        request.timeout(ANSWER_MAX);
        if (body.isEmpty()) {
            request.POST(BodyPublishers.noBody());
        } else {
            request.header("Content-Type", type).POST(BodyPublishers.ofString(body));
        }
        return send(request.build());
    }

    private String send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(
                    "%s: status %d %s"
                            .formatted(
                                    request.uri().getPath(),
                                    response.statusCode(),
                                    response.body()));
        }
        return response.body();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

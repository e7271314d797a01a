package io.millrace.example.building41;

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

/// The few requests to Millrace that the reactions need. Thread-safe.
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

    /// A job that was given out for a while.
    ///
    /// @param token proves that it was given to us
    /// @param job the CloudEvent
    record Lease(String token, Map<String, Object> job) {}

    /// Says that Millrace does not want this, however often it is asked.
    static final class Refused extends Exception {
        Refused(String message) {
            super(message);
        }
    }

    /// Sets resources up; what is there already stays.
    ///
    /// @throws IOException if Millrace is away or busy
    void apply(String yaml) throws IOException, InterruptedException, Refused {
        post("/api/v1/apply", "application/yaml", yaml);
    }

    /// Takes jobs of a queue, waiting for the first.
    List<Lease> receive(String queue, int max, Duration wait)
            throws IOException, InterruptedException, Refused {
        String path = "/queues/%s/receive?max=%d&wait=%ds".formatted(queue, max, wait.toSeconds());
        List<Lease> leases = new ArrayList<>();
        for (Map<String, Object> lease :
                Json.objectsIn(Json.object(post(path, "application/json", "")), "leases")) {
            leases.add(new Lease(Json.textIn(lease, "token"), Json.objectIn(lease, "event")));
        }
        return leases;
    }

    /// Says that a job is done.
    void complete(String queue, Lease lease) throws IOException, InterruptedException, Refused {
        settle(queue, "{\"token\":%s,\"action\":\"complete\"}", lease.token());
    }

    /// Sends a job to the dead letters, as it can never be done.
    void reject(String queue, Lease lease, String reason)
            throws IOException, InterruptedException, Refused {
        String settlement = "{\"token\":%s,\"action\":\"reject\",\"reason\":%s}";
        settle(queue, settlement, lease.token(), reason);
    }

    private void settle(String queue, String settlement, String... texts)
            throws IOException, InterruptedException, Refused {
        Object[] quoted = List.of(texts).stream().map(Json::quote).toArray();
        String body = "{\"settlements\":[" + settlement.formatted(quoted) + "]}";
        post("/queues/" + queue + "/settle", "application/json", body);
    }

    private String post(String path, String type, String body)
            throws IOException, InterruptedException, Refused {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.resolve(path)).timeout(ANSWER_MAX);
        if (body.isEmpty()) {
            request.POST(BodyPublishers.noBody());
        } else {
            request.header("Content-Type", type).POST(BodyPublishers.ofString(body));
        }
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        int status = response.statusCode();
        if (status / 100 == 2) {
            return response.body();
        }
        String what = "%s: status %d %s".formatted(path, status, response.body());
        if (status == 429 || status >= 500) {
            throw new IOException(what);
        }
        throw new Refused(what);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

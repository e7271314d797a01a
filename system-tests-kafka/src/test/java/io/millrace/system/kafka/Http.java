package io.millrace.system.kafka;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Millrace's own API, as far as these tests look at it. Thread-safe.
final class Http implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI server;

    Http(URI server) {
        this.server = server;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path)).timeout(Duration.ofSeconds(70));
    }

    private static String good(HttpResponse<String> answer) {
        if (answer.statusCode() >= 300) {
            throw new AssertionError(answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    private String send(HttpRequest request) throws IOException, InterruptedException {
        return good(client.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    void apply(String yaml) throws IOException, InterruptedException {
        send(
                request("/api/v1/apply")
                        .header("content-type", "application/yaml")
                        .POST(HttpRequest.BodyPublishers.ofString(yaml))
                        .build());
    }

    /// The envelopes of all events in a stream.
    List<JsonNode> events(String stream) throws IOException, InterruptedException {
        return send(request("/streams/" + stream + "/events?max=10000").build())
                .lines()
                .map(JSON::readTree)
                .toList();
    }

    /// The data of the first messages of a tail from the first event on.
    List<JsonNode> tail(String pattern, int count) throws IOException, InterruptedException {
        HttpRequest request = request("/tail" + pattern + "?from=first").build();
        List<JsonNode> messages = new ArrayList<>();
        try (var lines =
                client.send(request, HttpResponse.BodyHandlers.ofLines())
                        .body()
                        .filter(line -> line.startsWith("data: "))
                        .limit(count)) {
            lines.forEach(line -> messages.add(JSON.readTree(line.substring("data: ".length()))));
        }
        return messages;
    }

    /// Publishes or puts in a job in binary mode.
    ///
    /// @param headers with the CloudEvents attributes
    void post(String path, Map<String, String> headers, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                request(path)
                        .header("ce-specversion", "1.0")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        send(request.build());
    }

    /// Leases of a queue or a subscription, as in `/queues/orders`.
    List<JsonNode> receive(String place, int max) throws IOException, InterruptedException {
        String path = "%s/receive?max=%d&wait=1s".formatted(place, max);
        String body = send(request(path).POST(HttpRequest.BodyPublishers.noBody()).build());
        List<JsonNode> leases = new ArrayList<>();
        JSON.readTree(body).path("leases").forEach(leases::add);
        return leases;
    }

    /// @return how many were refused
    int complete(String place, List<JsonNode> leases) throws IOException, InterruptedException {
        ObjectNode document = JSON.createObjectNode();
        ArrayNode settlements = document.putArray("settlements");
        for (JsonNode lease : leases) {
            settlements
                    .addObject()
                    .put("token", lease.path("token").asString())
                    .put("action", "complete");
        }
        String body =
                send(
                        request(place + "/settle")
                                .header("content-type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(document.toString()))
                                .build());
        return JSON.readTree(body).path("refused").asInt();
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return JSON.readTree(send(request(path).build()));
    }

    @Override
    public void close() {
        client.close();
    }
}

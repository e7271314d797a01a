package io.millrace.system.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Millrace's own API, as far as these tests look at it.
final class Http implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI server;

    Http(ServerUnderTest server) {
        this.server = Objects.requireNonNull(server.http());
    }

    /// Other brokers have no such thing.
    static void assumeThere(ServerUnderTest server) {
        assumeThat(server.http()).as("the server is Millrace").isNotNull();
    }

    /// An event as HTTP shows it.
    record Event(String type, String text) {}

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path)).timeout(Duration.ofSeconds(30));
    }

    /// Publishes one event of type `door.opened`, with JSON as its data.
    void publish(String context, String json) throws IOException, InterruptedException {
        HttpRequest request =
                request("/events" + context)
                        .header("ce-specversion", "1.0")
                        .header("ce-id", "door-1")
                        .header("ce-source", "/doors/4")
                        .header("ce-type", "door.opened")
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    }

    /// The first events of a context.
    List<Event> events(String context, int count) throws IOException, InterruptedException {
        List<Event> events = new ArrayList<>();
        HttpRequest request = request("/tail" + context + "?from=first").build();
        try (var lines = client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            lines.filter(line -> line.startsWith("data: "))
                    .limit(count)
                    .map(line -> JSON.readTree(line.substring("data: ".length())).path("event"))
                    .forEach(event -> events.add(event(event)));
        }
        return events;
    }

    private static Event event(JsonNode event) {
        JsonNode binary = event.path("data_base64");
        JsonNode data = event.path("data");
        String text =
                binary.isString()
                        ? new String(
                                Base64.getDecoder().decode(binary.asString()),
                                StandardCharsets.UTF_8)
                        : data.isString() ? data.asString() : data.toString();
        return new Event(event.path("type").asString(), text);
    }

    @Override
    public void close() {
        client.close();
    }
}

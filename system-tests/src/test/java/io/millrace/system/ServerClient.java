package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says to a server over HTTP what the tests of faults need. Thread-safe.
final class ServerClient {
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]*)\"");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI server;

    ServerClient(ServerProcess server) {
        this.server = server.address();
    }

    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path)).timeout(Duration.ofSeconds(30));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).build());
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE().build());
    }

    HttpResponse<String> put(String path, String json) throws IOException, InterruptedException {
        return send(
                request(path)
                        .header("content-type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(json))
                        .build());
    }

    /// @param context with its leading `/`
    HttpResponse<String> publish(String context, String id, String data)
            throws IOException, InterruptedException {
        return send(
                request("/events" + context)
                        .header("ce-specversion", "1.0")
                        .header("ce-id", id)
                        .header("ce-source", "/test")
                        .header("ce-type", "t")
                        .header("content-type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString(data))
                        .build());
    }

    /// The ids of all events in a context, in the order of their recording.
    List<String> ids(String stream, String context) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        String path = "/streams/%s/events?max=100&pattern=%s".formatted(stream, context);
        String from = "";
        while (true) {
            HttpResponse<String> answer = get(path + from);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            Matcher id = ID.matcher(answer.body());
            while (id.find()) {
                ids.add(id.group(1));
            }
            if (answer.headers().firstValue("Millrace-End").isPresent()) {
                return ids;
            }
            from = "&from=" + answer.headers().firstValue("Millrace-Position").orElseThrow();
        }
    }

    /// What follows a context live, line by line.
    HttpResponse<java.util.stream.Stream<String>> tail(String context)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(server.resolve("/tail" + context))
                        .header("accept", "text/event-stream")
                        .build(),
                HttpResponse.BodyHandlers.ofLines());
    }
}

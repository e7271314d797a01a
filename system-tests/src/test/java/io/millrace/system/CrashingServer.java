package io.millrace.system;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The real server, killed and started again over one folder, and requests that live with that:
/// while it is down they wait. Thread-safe but for [#crash] and [#close], which are for one thread.
final class CrashingServer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String JSON_TYPE = "application/json";
    private static final Duration ANSWER_MAX = Duration.ofSeconds(90);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final Path data;
    private volatile CompletableFuture<URI> address = new CompletableFuture<>();
    private volatile CompletableFuture<Integer> mqttPort = new CompletableFuture<>();
    private ServerProcess process;

    /// What the server said.
    ///
    /// @param body missing if it is no JSON
    record Answer(int status, JsonNode body) {
        boolean isGood() {
            return status >= 200 && status < 300;
        }
    }

    CrashingServer(Path data) throws IOException {
        this.data = data;
        this.process = ServerProcess.start(data);
        ready();
    }

    private void ready() {
        address.complete(process.address());
        mqttPort.complete(process.mqttPort());
    }

    /// Kills it as `kill -9` does and starts it again.
    void crash() throws IOException, InterruptedException {
        address = new CompletableFuture<>();
        mqttPort = new CompletableFuture<>();
        process.kill();
        process = ServerProcess.start(data);
        ready();
    }

    /// Where it listens, as soon as it does.
    URI address() {
        return address.join();
    }

    /// Where it listens to MQTT clients, as soon as it does.
    int mqttPort() {
        return mqttPort.join();
    }

    HttpClient client() {
        return client;
    }

    static JsonMapper json() {
        return JSON;
    }

    /// The body of an answer that has to be there and good.
    static JsonNode good(@Nullable Answer answer) {
        if (answer == null || !answer.isGood()) {
            throw new AssertionError("not answered, or refused: " + answer);
        }
        return answer.body;
    }

    @Nullable Answer post(String path, JsonNode body) {
        return post(path, JSON_TYPE, body.toString());
    }

    /// @return `null` if no answer came, so that it may have been done or not
    @Nullable Answer post(String path, @Nullable String contentType, String body) {
        HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofString(body));
        if (contentType != null) {
            request.header("content-type", contentType);
        }
        return send(request.build());
    }

    @Nullable Answer put(String path, String json) {
        return send(
                request(path)
                        .header("content-type", JSON_TYPE)
                        .PUT(HttpRequest.BodyPublishers.ofString(json))
                        .build());
    }

    @Nullable Answer delete(String path) {
        return send(request(path).DELETE().build());
    }

    /// The body of a good answer, for which the server has to be up.
    JsonNode get(String path) {
        return good(send(request(path).build()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address().resolve(path)).timeout(ANSWER_MAX);
    }

    private @Nullable Answer send(HttpRequest request) {
        try {
            HttpResponse<String> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofString());
            String type = answer.headers().firstValue("content-type").orElse("");
            JsonNode body =
                    type.contains("json")
                            ? JSON.readTree(answer.body())
                            : JSON.createObjectNode().path("none");
            return new Answer(answer.statusCode(), body);
        } catch (IOException _) {
            return null;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.close();
        client.close();
    }
}

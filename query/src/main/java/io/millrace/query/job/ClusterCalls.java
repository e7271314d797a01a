package io.millrace.query.job;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Requests to the REST endpoint of a Flink cluster. Thread-safe.
final class ClusterCalls {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
    private static final int NOT_FOUND = 404;

    private final URI cluster;
    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_MAX)
                    .build();

    ClusterCalls(URI cluster) {
        this.cluster = cluster;
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(cluster.resolve(path)).timeout(ANSWER_MAX);
    }

    /// @throws IOException if it does not answer
    /// @throws MillraceException QUERY_FAILED with what it says
    JsonNode get(String path) throws IOException, InterruptedException {
        return good(send(request(path).GET().build()));
    }

    /// @return `null` if there is no such thing
    @Nullable JsonNode find(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request(path).GET().build());
        return answer.statusCode() == NOT_FOUND ? null : good(answer);
    }

    JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException {
        return good(
                send(
                        request(path)
                                .header("content-type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                                .build()));
    }

    /// Cancels a job, if it is there and runs.
    void cancel(String path) throws IOException, InterruptedException {
        var _ =
                send(
                        request(path + "?mode=cancel")
                                .method("PATCH", HttpRequest.BodyPublishers.noBody())
                                .build());
    }

    private HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            // A refused connection has no words of its own.
            throw e.getMessage() == null ? new IOException(e.getClass().getSimpleName(), e) : e;
        }
    }

    private JsonNode good(HttpResponse<String> answer) throws IOException {
        int status = answer.statusCode();
        if (status == 503) {
            throw new IOException("it is not ready");
        }
        JsonNode document;
        try {
            document = mapper.readTree(answer.body());
        } catch (JacksonException e) {
            throw new IOException("what answers there is no Flink", e);
        }
        if (status >= 300) {
            JsonNode first = document.path("errors").path(0);
            String said = first.asString("status " + status);
            throw new MillraceException(ErrorCode.QUERY_FAILED, "the cluster says: " + said);
        }
        return document;
    }
}

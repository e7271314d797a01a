package io.millrace.query.remote;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Requests to the server. Thread-safe.
final class ServerCalls {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

    private final URI server;
    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_MAX)
                    .build();

    ServerCalls(URI server) {
        this.server = server;
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /// @param path with its parameters
    HttpResponse<byte[]> get(String path) throws IOException {
        return send(request(path).GET().build());
    }

    JsonNode json(HttpResponse<byte[]> answer) {
        return mapper.readTree(answer.body());
    }

    HttpResponse<byte[]> post(String path, byte[] body) throws IOException {
        return send(
                request(path)
                        .header("content-type", "application/octet-stream")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path)).timeout(ANSWER_MAX);
    }

    /// @throws MillraceException what the server says is wrong
    /// @throws IOException if it does not answer
    private HttpResponse<byte[]> send(HttpRequest request) throws IOException {
        HttpResponse<byte[]> answer;
        try {
            answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the query is being stopped");
        } catch (IOException e) {
            throw new IOException(
                    "the Millrace server at %s cannot be reached: %s".formatted(server, e), e);
        }
        if (answer.statusCode() >= 300) {
            throw problem(answer);
        }
        return answer;
    }

    private MillraceException problem(HttpResponse<byte[]> answer) {
        String what = "status " + answer.statusCode();
        ErrorCode code = ErrorCode.QUERY_FAILED;
        try {
            JsonNode document = mapper.readTree(answer.body());
            what = document.path("detail").asString(what);
            int number = document.path("code").asInt(0);
            for (ErrorCode each : ErrorCode.values()) {
                if (each.number() == number) {
                    code = each;
                }
            }
        } catch (JacksonException _) {
            // Somebody else has answered, such as a proxy.
        }
        return new MillraceException(code, "the Millrace server says: " + what);
    }

    /// For the seams that know of no exceptions of input and output.
    static UncheckedIOException unchecked(IOException e) {
        return new UncheckedIOException(e);
    }
}

package io.millrace.cli.http;

import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One server's HTTP API. Thread-safe.
public final class Api implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /// Reads may wait 60 s on the server, and a slow disk some more.
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(90);

    private static final long LOOK_MILLIS = 100;

    private static final int FOREIGN_TEXT_MAX = 500;

    private final URI server;
    private final Json json;
    private final HttpClient client;

    /// @param server the server's address, such as `http://127.0.0.1:8080`
    public Api(String server, Json json) {
        this.server = address(server);
        this.json = json;
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT);
        if (!"https".equals(this.server.getScheme())) {
            builder.sslContext(trustingNobody());
        }
        this.client = builder.build();
    }

    /// For a server that is spoken to without TLS: the client would read all certificates of the
    /// system else, which takes longer than most commands.
    private static SSLContext trustingNobody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private static URI address(String text) {
        String trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        try {
            URI uri = URI.create(trimmed);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getQuery() == null) {
                return uri;
            }
        } catch (IllegalArgumentException _) {
            throw notAnAddress(text);
        }
        throw notAnAddress(text);
    }

    private static CommandFailure notAnAddress(String text) {
        return CommandFailure.usage(
                "--server: \"%s\" is not an address such as http://127.0.0.1:8080".formatted(text));
    }

    /// The server's address.
    public URI server() {
        return server;
    }

    /// Begins a request.
    ///
    /// @param pathAndQuery from `/` on, encoded
    public HttpRequest.Builder request(String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create(server + pathAndQuery)).timeout(ANSWER_TIMEOUT);
    }

    /// Begins a GET request.
    public HttpRequest.Builder get(String pathAndQuery) {
        return request(pathAndQuery).GET();
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// @throws ServerProblem if the answer is anything but a success
    /// @throws Unreachable if there is no answer
    public Answer send(HttpRequest request) {
        return whole(exchange(request, BodyHandlers.ofByteArray()));
    }

    private Answer whole(HttpResponse<byte[]> response) {
        if (response.statusCode() / 100 != 2) {
            throw problem(response.statusCode(), response.headers(), response.body());
        }
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    /// Sends a request and returns when the answer begins; the caller closes its body.
    ///
    /// @throws ServerProblem if the answer is anything but a success
    /// @throws Unreachable if there is no answer
    public HttpResponse<InputStream> open(HttpRequest request) {
        HttpResponse<InputStream> response = exchange(request, BodyHandlers.ofInputStream());
        if (response.statusCode() / 100 != 2) {
            try (InputStream body = response.body()) {
                throw problem(response.statusCode(), response.headers(), body.readAllBytes());
            } catch (IOException e) {
                throw new Unreachable(server, e);
            }
        }
        return response;
    }

    /// Sends a request and waits for the whole answer, as long as anybody wants it.
    ///
    /// @param wanted asked several times a second; once it says no, the request is broken off
    /// @return empty if it was broken off
    /// @throws ServerProblem if the answer is anything but a success
    /// @throws Unreachable if there is no answer
    public Optional<Answer> send(HttpRequest request, BooleanSupplier wanted) {
        CompletableFuture<HttpResponse<byte[]>> coming =
                client.sendAsync(request, BodyHandlers.ofByteArray());
        while (wanted.getAsBoolean()) {
            try {
                return Optional.of(whole(coming.get(LOOK_MILLIS, TimeUnit.MILLISECONDS)));
            } catch (TimeoutException _) {
                // Time to ask whether it is still wanted.
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException broken) {
                    throw new Unreachable(server, broken);
                }
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        coming.cancel(true);
        return Optional.empty();
    }

    private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (IOException e) {
            throw new Unreachable(server, e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw CommandFailure.failed("Interrupted.");
        }
    }

    private ServerProblem problem(int status, HttpHeaders headers, byte[] body) {
        ObjectNode document =
                json.parse(body)
                        .filter(node -> node.has("title"))
                        .map(node -> node instanceof ObjectNode object ? object : null)
                        .orElseGet(() -> foreignProblem(status, body));
        return new ServerProblem(status, document, retryAfter(headers));
    }

    /// What did not come as a problem document was sent by a proxy or by another kind of server.
    private ObjectNode foreignProblem(int status, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        String detail = text.isEmpty() ? "The answer has no text." : text;
        ObjectNode document = json.object();
        document.put("type", "about:blank");
        document.put("title", "The server answered HTTP " + status);
        document.put("status", status);
        document.put("detail", detail.substring(0, Math.min(detail.length(), FOREIGN_TEXT_MAX)));
        return document;
    }

    /// `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
    private static @Nullable Duration retryAfter(HttpHeaders headers) {
        String text = headers.firstValue("Retry-After").orElse("").strip();
        if (text.matches("[0-9]{1,6}")) {
            return Duration.ofSeconds(Integer.parseInt(text));
        }
        try {
            ZonedDateTime date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
            Duration wait = Duration.between(Instant.now(), date.toInstant());
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException _) {
            return null;
        }
    }

    /// Breaks off whatever is still under way.
    @Override
    public void close() {
        client.shutdownNow();
    }
}

package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A sink that cannot say at once whether it may be pushed to calls the server back.
final class WebhookCallbackTest {
    private static final String BASE = "https://events.example/mill";
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir Path folder;
    private final List<String> callbacks = new CopyOnWriteArrayList<>();
    private final List<String> pushed = new CopyOnWriteArrayList<>();
    private HttpServer sink;

    @BeforeEach
    void startSink() throws IOException {
        sink = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sink.createContext("/hook", this::take);
        sink.start();
    }

    @AfterEach
    void stopSink() {
        sink.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("OPTIONS")) {
            List<String> given =
                    exchange.getRequestHeaders()
                            .getOrDefault("WebHook-Request-Callback", List.of());
            callbacks.addAll(given.isEmpty() ? List.of("none") : given);
        } else {
            pushed.add(String.valueOf(exchange.getRequestHeaders().getFirst("ce-id")));
        }
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private ServerProcess start(String sinks) throws IOException {
        Path config = Files.writeString(folder.resolve("millrace.yaml"), sinks);
        return ServerProcess.start(folder.resolve("data"), "--config", config.toString());
    }

    private void subscribe(ServerClient client) throws Exception {
        String push =
                "{\"pattern\":\"/a/**\",\"push\":{\"url\":\"http://127.0.0.1:%d/hook\",\"handshake\":true}}"
                        .formatted(sink.getAddress().getPort());
        assertThat(client.put("/api/v1/subscriptions/hook", push).statusCode()).isEqualTo(201);
    }

    private static String state(ServerClient client) throws Exception {
        String status = client.get("/api/v1/subscriptions/hook/status").body();
        return status.replaceAll("(?s).*\"state\":\"([a-z]+)\".*", "$1");
    }

    @Test
    void whoCallsBackIsPushedToAndTheAddressWorksOnce() throws Exception {
        try (ServerProcess server =
                        start("sinks: {allow: [127.0.0.1], callback: '%s'}\n".formatted(BASE));
                HttpClient browser = HttpClient.newHttpClient()) {
            ServerClient client = new ServerClient(server);
            subscribe(client);
            await().atMost(SOON).until(() -> callbacks.size() == 1);
            client.publish("/a/b", "1", "x");
            assertThat(state(client)).isEqualTo("pending");
            assertThat(callbacks.getFirst()).matches(BASE + "/webhook-callbacks/[A-Za-z0-9_-]{43}");
            assertThat(client.get("/webhook-callbacks/" + "A".repeat(43)).statusCode())
                    .isEqualTo(404);
            assertThat(state(client)).isEqualTo("pending");
            // As the proxy does that has the server's public name.
            URI address = server.address().resolve(callbacks.getFirst().substring(BASE.length()));
            HttpRequest grant =
                    HttpRequest.newBuilder(address)
                            .header("WebHook-Allowed-Rate", "6000")
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build();
            HttpResponse<String> granted =
                    browser.send(grant, HttpResponse.BodyHandlers.ofString());
            assertThat(granted.statusCode()).as(granted.body()).isEqualTo(200);
            await().atMost(SOON).until(() -> pushed.contains("1"));
            assertThat(state(client)).isEqualTo("active");
            assertThat(browser.send(grant, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(404);
            assertThat(callbacks).hasSize(1);
        }
    }

    @Test
    void withoutAPublicAddressNoCallbackIsOffered() throws Exception {
        try (ServerProcess server = start("sinks: {allow: [127.0.0.1]}\n")) {
            ServerClient client = new ServerClient(server);
            subscribe(client);
            await().atMost(SOON).until(() -> !callbacks.isEmpty());
            assertThat(callbacks).containsExactly("none");
            // What answers without the header has not heard of all this.
            await().atMost(SOON).until(() -> state(client).equals("disabled"));
        }
    }
}

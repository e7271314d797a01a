package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Following contexts over server-sent events and WebSocket.
final class TailTest extends GatewayTest {
    @Override
    Duration heartbeat() {
        return Duration.ofMillis(200);
    }

    private RawClient follow(String path, String headers) throws Exception {
        RawClient raw = raw();
        raw.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
        return raw;
    }

    @Test
    void eventsArriveWithTheirPositions() throws Exception {
        try (RawClient raw = follow("/tail/a/**", "Accept: text/event-stream\r\n")) {
            assertThat(raw.readUntil("id: events:0\n\n").toLowerCase(java.util.Locale.ROOT))
                    .contains("content-type: text/event-stream");
            publish("/events/b", "1", "1");
            publish("/events/a/c", "2", "2");
            String event = raw.readUntil("}}\n\n");
            assertThat(event).contains("id: events:2\ndata: {\"context\":\"/a/c\",");
        }
    }

    @Test
    void lastEventIdGoesBeforeFrom() throws Exception {
        publish("/events/a", "1", "1");
        publish("/events/a", "2", "2");
        try (RawClient raw = follow("/tail/**?from=first", "Last-Event-ID: events:1\r\n")) {
            assertThat(raw.readUntil("}}\n\n"))
                    .contains("\"id\":\"2\"")
                    .doesNotContain("\"id\":\"1\"");
        }
    }

    @Test
    void silenceIsFilledWithHeartbeats() throws Exception {
        try (RawClient raw = follow("/tail/**", "")) {
            raw.readUntil(":\nid: events:0\n\n");
            raw.readUntil(":\nid: events:0\n\n");
        }
    }

    @Test
    void goingAwayClosesTheTail() throws Exception {
        try (RawClient raw = follow("/tail/**", "")) {
            raw.readUntil("id: events:0\n\n");
            assertThat(broker.openTails()).isEqualTo(1);
        }
        await().until(() -> broker.openTails() == 0);
        await().until(() -> gateway.followers() == 0);
    }

    @Test
    void slowReaderIsToldAndCutOff() throws Exception {
        try (RawClient raw = follow("/tail/**", "")) {
            raw.readUntil("id: events:0\n\n");
            broker.overrun();
            publish("/events/a", "1", "1");
            assertThat(raw.readUntil("0\r\n\r\n"))
                    .contains("event: problem\ndata: {")
                    .contains("slow-consumer");
        }
        await().until(() -> broker.openTails() == 0);
    }

    @Test
    void readerWhoTakesNothingIsCutOff() throws Exception {
        try (RawClient raw = follow("/tail/**", "")) {
            raw.readUntil("id: events:0\n\n");
            String data = "\"" + "x".repeat(500_000) + "\"";
            for (int i = 0; i < 40; i++) {
                publish("/events/a", "" + i, data);
            }
            broker.overrun();
            await().atMost(Duration.ofSeconds(20)).until(() -> broker.openTails() == 0);
        }
    }

    @Test
    void stoppingTellsTheReaders() throws Exception {
        try (RawClient raw = follow("/tail/**", "")) {
            raw.readUntil("id: events:0\n\n");
            gateway.close();
            assertThat(raw.readAll()).contains("event: problem").contains("shutting-down");
        }
    }

    @Test
    void wrongTailsAreRefused() throws Exception {
        assertThat(get("/tail/a/**/b").statusCode()).isEqualTo(400);
        assertThat(get("/tail/a?from=12").statusCode()).isEqualTo(400);
        assertThat(send(request("/tail/a").header("accept", "text/html")).statusCode())
                .isEqualTo(406);
        assertThat(broker.openTails()).isZero();
    }

    @Test
    void webSocketCarriesEnvelopes() throws Exception {
        Vertx vertx = Vertx.vertx();
        WebSocketClient client = vertx.createWebSocketClient();
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        WebSocket socket =
                client.connect(gateway.port(), "127.0.0.1", "/tail/a/**?from=first")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get();
        socket.textMessageHandler(messages::add);
        publish("/events/a/b", "1", "1");
        assertThat(messages.poll(10, TimeUnit.SECONDS))
                .contains("\"position\":\"events:1\",\"event\":{");
        broker.overrun();
        publish("/events/a/b", "2", "2");
        await().until(socket::isClosed);
        assertThat(messages.stream().reduce("", String::concat))
                .contains("{\"problem\":{\"type\":\"https://millrace.dev/problems/slow-consumer\"");
        assertThat(socket.closeStatusCode()).isEqualTo((short) 1008);
        await().until(() -> broker.openTails() == 0);
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    @Test
    void webSocketOfStrangersIsRefused() throws Exception {
        Vertx vertx = Vertx.vertx();
        WebSocketConnectOptions options =
                new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(gateway.port())
                        .setURI("/tail/**")
                        .addHeader("origin", "https://evil.example");
        Throwable refused =
                vertx.createWebSocketClient()
                        .connect(options)
                        .toCompletionStage()
                        .handle((_, error) -> error)
                        .toCompletableFuture()
                        .get();
        assertThat(refused).hasMessageContaining("403");
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }
}

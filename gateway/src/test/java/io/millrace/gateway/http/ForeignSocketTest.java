package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.gateway.http.config.HttpLimits;
import io.millrace.gateway.listener.SocketHandler;
import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Sockets of the HTTP port that somebody else takes over, as MQTT does.
final class ForeignSocketTest extends GatewayTest {
    private static final Duration IDLE_MAX = Duration.ofMillis(200);

    private final Echo echo = new Echo();

    /// Sends back what it gets, and sees where it is called.
    private static final class Echo implements SocketHandler {
        final AtomicInteger opened = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        volatile boolean onEventLoop;

        @Override
        public void opened(ServerWebSocket socket) {
            opened.incrementAndGet();
            onEventLoop = Context.isOnEventLoopThread();
            socket.closeHandler(_ -> closed.incrementAndGet());
            socket.binaryMessageHandler(socket::writeBinaryMessage);
        }

        @Override
        public int frameBytesMax() {
            return 2 << 20;
        }
    }

    @Override
    SocketHandler mqtt() {
        return echo;
    }

    @Override
    HttpLimits limits() {
        HttpLimits usual = HttpLimits.DEFAULT;
        return new HttpLimits(
                usual.bodyBytesMax(),
                usual.batchBytesMax(),
                usual.batchEventsMax(),
                usual.inFlightBytesMax(),
                usual.connectionsMax(),
                usual.requestMax(),
                IDLE_MAX,
                usual.readsMax(),
                usual.tailsMax(),
                1);
    }

    private WebSocket connect(SocketClient client, String path, String... subprotocols) {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (subprotocols.length > 0) {
            String[] lesser = java.util.Arrays.copyOfRange(subprotocols, 1, subprotocols.length);
            builder.subprotocols(subprotocols[0], lesser);
        }
        URI uri = URI.create("ws://127.0.0.1:" + gateway.port() + path);
        return builder.buildAsync(uri, client).join();
    }

    private static void send(WebSocket socket, byte[] message) {
        socket.sendBinary(ByteBuffer.wrap(message), true).join();
    }

    private void assertRefused(int status, String path, String... subprotocols) {
        assertThatThrownBy(() -> connect(new SocketClient(), path, subprotocols))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> assertThat(e.getResponse().statusCode()).isEqualTo(status));
    }

    @Test
    void handlerHasTheSocketToItself() throws Exception {
        SocketClient client = new SocketClient();
        WebSocket socket = connect(client, "/mqtt", "mqttv3.1", "mqtt");
        assertThat(socket.getSubprotocol()).isEqualTo("mqtt");
        send(socket, new byte[] {'h', 'i'});
        assertThat(client.next()).isEqualTo("hi");
        assertThat(echo.onEventLoop).isTrue();
        assertThat(gateway.receivers() + gateway.followers()).isZero();
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        await().untilAsserted(() -> assertThat(echo.closed).hasValue(1));
        // Nothing is kept of a closed connection, whoever else listens for its end.
        await().until(() -> gateway.requests() == 0);
        await().until(() -> gateway.connections() == 0);
    }

    @Test
    void silentSocketStaysOpen() throws Exception {
        SocketClient client = new SocketClient();
        WebSocket socket = connect(client, "/mqtt", "mqtt");
        // The gate closes an idle connection after that time; this one comes later and has gone
        // before.
        RawClient idle = raw();
        idle.readAll();
        RawClient another = raw();
        another.readAll();
        send(socket, new byte[1 << 20]);
        assertThat(client.next()).hasSize(1 << 20);
    }

    @Test
    void whatIsNotMqttIsRefused() throws Exception {
        assertRefused(400, "/mqtt");
        assertRefused(400, "/mqtt", "cloudevents.json", "xmqtt");
        assertRefused(400, "/mqtt?x=1", "mqtt");
        assertRefused(404, "/mqtt/deeper", "mqtt");
        assertThat(summary(get("/mqtt"))).isEqualTo("400 invalid-request upgrade");
        assertThat(post("/mqtt").statusCode()).isEqualTo(405);
        assertThat(echo.opened).hasValue(0);
        await().until(() -> gateway.requests() == 0);
    }

    @Test
    void pagesOfStrangersAreRefused() throws Exception {
        try (RawClient raw = raw()) {
            raw.send(
                    """
                    GET /mqtt HTTP/1.1\r
                    Host: localhost\r
                    Upgrade: websocket\r
                    Connection: Upgrade\r
                    Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r
                    Sec-WebSocket-Version: 13\r
                    Sec-WebSocket-Protocol: mqtt\r
                    Origin: https://evil.example\r
                    \r
                    """);
            assertThat(raw.readUntil("\r\n")).contains("403");
        }
        assertThat(echo.opened).hasValue(0);
    }

    @Test
    void brokenHandshakeEndsWithoutASocket() throws Exception {
        try (RawClient raw = raw()) {
            raw.send(
                    """
                    GET /mqtt HTTP/1.1\r
                    Host: localhost\r
                    Upgrade: websocket\r
                    Connection: Upgrade\r
                    Sec-WebSocket-Version: 13\r
                    Sec-WebSocket-Protocol: mqtt\r
                    \r
                    """);
            assertThat(raw.readUntil("\r\n")).contains("400");
        }
        assertThat(echo.opened).hasValue(0);
        await().until(() -> gateway.requests() == 0);
    }

    @Test
    void tooLargeFrameIsAnsweredInTheProtocolsTerms() throws Exception {
        SocketClient client = new SocketClient();
        WebSocket socket = connect(client, "/mqtt", "mqtt");
        // The server may answer before it has taken all.
        var _ = socket.sendBinary(ByteBuffer.wrap(new byte[(2 << 20) + 1]), true);
        assertThat(client.closed()).startsWith("1009");
    }

    @Test
    void stoppingServerSaysSo() throws Exception {
        SocketClient client = new SocketClient();
        connect(client, "/mqtt", "mqtt");
        gateway.close();
        assertThat(client.closed()).isEqualTo("1001 the server stops");
    }

    @Test
    void tailsAgreeToNoSubprotocol() throws Exception {
        SocketClient client = new SocketClient();
        try (RawClient raw = raw()) {
            raw.send(
                    """
                    GET /tail/** HTTP/1.1\r
                    Host: localhost\r
                    Upgrade: websocket\r
                    Connection: Upgrade\r
                    Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r
                    Sec-WebSocket-Version: 13\r
                    Sec-WebSocket-Protocol: mqtt\r
                    \r
                    """);
            assertThat(raw.readUntil("\r\n\r\n").toLowerCase(java.util.Locale.ROOT))
                    .contains("101")
                    .doesNotContain("sec-websocket-protocol");
        }
        assertThat(client.waiting()).isZero();
    }
}

package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.http.config.HttpLimits;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// CloudEvents over WebSocket: the protocol, its bounds, and clients that behave badly.
final class EventSocketTest extends GatewayTest {
    @Override
    Duration heartbeat() {
        return Duration.ofMillis(300);
    }

    @Override
    HttpLimits limits() {
        HttpLimits usual = HttpLimits.DEFAULT;
        return new HttpLimits(
                64 << 10,
                usual.batchBytesMax(),
                usual.batchEventsMax(),
                usual.inFlightBytesMax(),
                usual.connectionsMax(),
                usual.requestMax(),
                Duration.ofMillis(500),
                usual.readsMax(),
                3,
                usual.receiversMax());
    }

    private SocketClient open(String path) {
        return SocketClient.open(http, gateway.port(), path);
    }

    private int refused(String path, String... subprotocols) {
        var status = new int[1];
        assertThatThrownBy(
                        () -> {
                            var builder = http.newWebSocketBuilder();
                            if (subprotocols.length > 0) {
                                builder.subprotocols(subprotocols[0]);
                            }
                            URI uri = URI.create("ws://127.0.0.1:" + gateway.port() + path);
                            builder.buildAsync(uri, new SocketClient()).join();
                        })
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        e -> status[0] = e.getResponse().statusCode());
        return status[0];
    }

    @Test
    void handshakeAgreesOnTheFormat() throws Exception {
        try (RawClient raw = handshake("/socket", "cloudevents.avro, cloudevents.json")) {
            assertThat(raw.readUntil("\r\n\r\n").toLowerCase(Locale.ROOT))
                    .contains("101")
                    .contains("sec-websocket-protocol: cloudevents.json\r\n")
                    .containsPattern("millrace-socket: /socket/[0-9a-f]{32}\r\n");
        }
        assertThat(refused("/socket")).isEqualTo(400);
        assertThat(refused("/socket", "cloudevents.avro")).isEqualTo(400);
        assertThat(refused("/socket/a/**", "cloudevents.json")).isEqualTo(400);
        assertThat(refused("/socket?subscribe=a", "cloudevents.json")).isEqualTo(400);
        assertThat(summary(get("/socket/a"))).isEqualTo("400 invalid-request upgrade");
        await().until(() -> gateway.followers() == 0);
        await().until(() -> gateway.requests() == 0);
    }

    private RawClient handshake(String path, String offer) throws IOException {
        return handshake(path, offer, "http://localhost");
    }

    private RawClient handshake(String path, String offer, String origin) throws IOException {
        RawClient raw = raw();
        raw.send(
                """
                GET %s HTTP/1.1\r
                Host: localhost\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r
                Sec-WebSocket-Version: 13\r
                Sec-WebSocket-Protocol: %s\r
                Origin: %s\r
                \r
                """
                        .formatted(path, offer, origin));
        return raw;
    }

    @Test
    void pagesOfStrangersAreRefused() throws Exception {
        try (RawClient raw = handshake("/socket", "cloudevents.json", "https://evil.example")) {
            assertThat(raw.readUntil("\r\n")).contains("403");
        }
        assertThat(gateway.followers()).isZero();
    }

    @Test
    void refusedEventsAreToldAndNothingElseIsChanged() throws Exception {
        SocketClient client = open("/socket/a?acks=true");
        client.send("no json");
        assertThat(client.next()).contains("socket.refused").contains("\"message\":1");
        client.publish("2", "1");
        assertThat(client.next()).contains("socket.accepted").contains("\"message\":2");
        broker.failWith(new MillraceException(ErrorCode.DISK_FULL, "full"));
        client.publish("3", "1");
        assertThat(client.next()).contains("socket.refused").contains("disk-full");
        broker.failWith(null);
        broker.refuseWith(new MillraceException(ErrorCode.OVERLOADED, "busy"));
        client.publish("4", "1");
        assertThat(client.next()).contains("socket.refused").contains("overloaded");
        assertThat(broker.size()).isEqualTo(1);
    }

    @Test
    void publisherIsNotReadWhileTooMuchWaits() throws Exception {
        broker.hold();
        SocketClient client = open("/socket/a?acks=true");
        for (int i = 0; i < 400; i++) {
            client.publish("" + i, "1");
        }
        await().until(() -> broker.heldBack() >= 256);
        // A ping that is read is answered, so whatever was sent before it has been looked at.
        assertThat(broker.heldBack()).isEqualTo(256);
        broker.letGo();
        for (int i = 0; i < 400; i++) {
            assertThat(client.nextId()).isEqualTo("accepted");
        }
        assertThat(broker.size()).isEqualTo(400);
    }

    @Test
    void placesAreThoseOfTails() throws Exception {
        SocketClient two = open("/socket?subscribe=/a&subscribe=/b");
        assertThat(refused("/socket?subscribe=/a&subscribe=/b", "cloudevents.json")).isEqualTo(429);
        SocketClient publisher = open("/socket");
        assertThat(gateway.followers()).isEqualTo(3);
        assertThat(refused("/socket", "cloudevents.json")).isEqualTo(429);
        assertThat(get("/tail/a").statusCode()).isEqualTo(429);
        two.abort();
        publisher.abort();
        await().until(() -> gateway.followers() == 0);
        await().until(() -> broker.openTails() == 0);
        await().until(() -> gateway.connections() == 0 || gateway.requests() == 0);
    }

    @Test
    void slowReaderIsToldWhyAndWhere() throws Exception {
        SocketClient client = open("/socket?subscribe=/a&from=first");
        publish("/events/a", "1", "1");
        assertThat(client.nextId()).isEqualTo("1");
        broker.overrun();
        publish("/events/b", "2", "1");
        assertThat(client.next())
                .contains("socket.ended")
                .contains("\"subscribe\":\"/a\",\"position\":\"events:1\"")
                .contains("slow-consumer");
        assertThat(client.closed()).isEqualTo("1008 slow-consumer");
        await().until(() -> broker.openTails() == 0);
    }

    @Test
    void clientWithoutCreditCostsNoTail() throws Exception {
        SocketClient client = open("/socket?subscribe=/a&from=first&credit=1&positions=true");
        assertThat(client.nextId()).isEqualTo("position");
        publish("/events/a", "1", "1");
        publish("/events/a", "2", "1");
        assertThat(client.nextId()).isEqualTo("1");
        assertThat(client.next()).contains("\"position\":\"events:1\"");
        await().atMost(Duration.ofSeconds(20)).until(() -> broker.openTails() == 0);
        assertThat(client.waiting()).isZero();
        client.grant(5);
        assertThat(client.nextId()).isEqualTo("2");
    }

    @Test
    void silentClientIsGivenUp() throws Exception {
        try (RawClient raw = handshake("/socket", "cloudevents.json")) {
            assertThat(raw.readAll()).contains("no answer to pings");
        }
        await().until(() -> gateway.followers() == 0);
    }

    @Test
    void clientThatAnswersPingsStays() throws Exception {
        SocketClient client = open("/socket/a?acks=true");
        // Another one that keeps silent has come later and is gone.
        silentClientIsGivenUp(client);
        assertThat(client.publish("1", "1").nextId()).isEqualTo("accepted");
    }

    private void silentClientIsGivenUp(SocketClient witness) throws Exception {
        try (RawClient raw = handshake("/socket", "cloudevents.json")) {
            raw.readAll();
        }
        assertThat(witness.waiting()).isZero();
    }

    @Test
    void stoppingServerSaysSo() throws Exception {
        SocketClient client = open("/socket?subscribe=/a");
        gateway.close();
        assertThat(client.closed()).startsWith("1001");
    }

    @Test
    void binaryFramesAreRefused() throws Exception {
        SocketClient client = open("/socket");
        client.socket().sendBinary(ByteBuffer.wrap(new byte[] {1}), true).join();
        assertThat(client.closed()).isEqualTo("1003 events come in text frames here");
    }

    @Test
    void tooLargeMessageIsRefused() throws Exception {
        SocketClient client = open("/socket");
        var _ = client.socket().sendText(" ".repeat(200_000), true);
        assertThat(client.closed()).startsWith("1009");
        assertThat(broker.size()).isZero();
    }

    @Test
    void hostileFramesAreAnsweredWithTheirCloseCodes() throws Exception {
        assertThat(closeCode(frame(0x81, true, new byte[] {(byte) 0xC0, (byte) 0x80})))
                .isEqualTo(1007);
        // Larger than allowed by its head alone.
        assertThat(closeCode(head(0x81, 1L << 40))).isEqualTo(1009);
        assertThat(closeCode(frame(0x81, true, new byte[70_000]))).isEqualTo(1009);
        // Unmasked, reserved bits, unknown code, continuation of nothing, fragmented ping.
        assertThat(closeCode(frame(0x81, false, new byte[1]))).isEqualTo(1002);
        assertThat(closeCode(frame(0xF1, true, new byte[1]))).isEqualTo(1002);
        assertThat(closeCode(frame(0x83, true, new byte[1]))).isEqualTo(1002);
        assertThat(closeCode(frame(0x80, true, new byte[1]))).isEqualTo(1002);
        assertThat(closeCode(frame(0x09, true, new byte[1]))).isEqualTo(1002);
        assertThat(closeCode(frame(0x82, true, new byte[1]))).isEqualTo(1003);
        assertThat(broker.size()).isZero();
        await().until(() -> gateway.followers() == 0);
        await().until(() -> gateway.requests() == 0);
    }

    /// What the server closes with.
    private int closeCode(byte[] sent) throws IOException {
        try (RawClient raw = handshake("/socket", "cloudevents.json")) {
            raw.readUntil("\r\n\r\n");
            raw.send(sent);
            var in = raw.socket().getInputStream();
            while (true) {
                int opcode = in.read() & 0xF;
                byte[] payload = in.readNBytes(in.read());
                if (opcode == 8) {
                    return ByteBuffer.wrap(payload).getShort();
                }
            }
        }
    }

    private static byte[] head(int first, long length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(first);
        out.write(0x80 | 127);
        out.writeLong(length);
        out.writeInt(0);
        return bytes.toByteArray();
    }

    private static byte[] frame(int first, boolean masked, byte[] payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (payload.length > 125) {
            bytes.write(head(first, payload.length));
        } else {
            bytes.write(first);
            bytes.write((masked ? 0x80 : 0) | payload.length);
            if (masked) {
                bytes.write(new byte[4]);
            }
        }
        bytes.write(payload);
        return bytes.toByteArray();
    }

    @Test
    void floodOfPingsWithoutReadingIsNotReadForEver() throws Exception {
        try (RawClient raw = handshake("/socket", "cloudevents.json")) {
            raw.readUntil("\r\n\r\n");
            byte[] ping = frame(0x89, true, new byte[125]);
            ByteArrayOutputStream many = new ByteArrayOutputStream();
            for (int i = 0; i < 500; i++) {
                many.write(ping);
            }
            // Some megabytes fit into the buffers of the sockets; the rest is what the server would
            // have to keep.
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 2_000; i++) {
                                    raw.send(many.toByteArray());
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
        await().until(() -> gateway.followers() == 0);
    }

    @Test
    void textOfAnyScriptComesThroughUnaltered() throws Exception {
        SocketClient client = open("/socket/a?subscribe=/a");
        await().until(() -> broker.openTails() == 1);
        String data = "\"Grüße, 水, \uD83D\uDE00\"";
        client.publish("1", data);
        assertThat(client.next()).contains(data);
        assertThat(broker.event(0).event().data()).isEqualTo(Bytes.utf8(data));
    }
}

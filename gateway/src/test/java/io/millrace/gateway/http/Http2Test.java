package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.gateway.http.RawHttp2Client.Answer;
import io.millrace.gateway.http.config.HttpLimits;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// HTTP/2 in clear text: many requests on one connection, and clients that misuse that.
final class Http2Test extends GatewayTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOOD = 2_000;

    @Override
    HttpLimits limits() {
        return new HttpLimits(
                64 << 10,
                64 << 10,
                10,
                256 << 10,
                20,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                20,
                20,
                100);
    }

    private RawHttp2Client http2() throws Exception {
        return RawHttp2Client.open(raw());
    }

    /// Nothing of any request is left behind.
    private void awaitNothingLeft() {
        await().until(() -> gateway.inFlightBytes() == 0);
        await().until(() -> gateway.requests() == 0);
        await().until(() -> broker.openTails() == 0);
        await().until(() -> gateway.readers() + gateway.followers() == 0);
    }

    @Test
    void priorKnowledgeIsUnderstood() throws Exception {
        try (RawHttp2Client client = http2()) {
            client.publish(1, false, "content-type", "application/json").data(1, "42", true);
            Answer answer = client.answer(1);
            assertThat(answer.status()).isEqualTo("202");
            assertThat(answer.body()).contains("\"offset\":0");
            client.head(3, "GET", "/health/live", true);
            assertThat(client.answer(3).status()).isEqualTo("200");
        }
        assertThat(broker.event(0).event().data()).hasToString("Bytes[2: 3432]");
        awaitNothingLeft();
    }

    @Test
    void upgradeFromHttp1CarriesABody() throws Exception {
        try (RawClient raw = raw()) {
            raw.send(
                    "POST /events/a HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                            + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nce-specversion: 1.0\r\n"
                            + "ce-id: 1\r\nce-source: /s\r\nce-type: t\r\nContent-Length: 5\r\n\r\nhello");
            raw.readUntil("HTTP/1.1 101 Switching Protocols\r\n");
            raw.readUntil("\r\n\r\n");
            RawHttp2Client client = RawHttp2Client.upgraded(raw);
            assertThat(client.answer(1).status()).isEqualTo("202");
            client.head(3, "GET", "/health/live", true);
            assertThat(client.answer(3).status()).isEqualTo("200");
        }
        assertThat(broker.event(0).event().data()).hasToString("Bytes[5: 68656c6c6f]");
        awaitNothingLeft();
    }

    @Test
    void aClientOfTheJdkSharesOneConnection() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            assertThat(client.send(request("/health/live").build(), strings()).version())
                    .isEqualTo(HttpClient.Version.HTTP_2);
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                // No more at once than the server allows; this client refuses the rest itself.
                if (i >= 50) {
                    answers.get(i - 50).join();
                }
                answers.add(
                        client.sendAsync(
                                event("/events/a", "" + i)
                                        .POST(BodyPublishers.ofString("" + i))
                                        .build(),
                                strings()));
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(202);
            }
            assertThat(gateway.connections()).isEqualTo(1);
        }
        assertThat(broker.size()).isEqualTo(300);
        awaitNothingLeft();
    }

    private static HttpResponse.BodyHandler<String> strings() {
        return HttpResponse.BodyHandlers.ofString();
    }

    @Test
    void streamsAboveTheLimitAreRefused() throws Exception {
        broker.hold();
        try (RawHttp2Client client = http2()) {
            int streams = HttpLimits.STREAMS_MAX;
            for (int i = 0; i <= streams; i++) {
                client.publish(2 * i + 1, true);
            }
            assertThat(client.answer(2 * streams + 1).resetWith()).isNotNull();
            broker.letGo();
            for (int i = 0; i < streams; i++) {
                assertThat(client.answer(2 * i + 1).status()).isEqualTo("202");
            }
        }
        assertThat(broker.size()).isEqualTo(HttpLimits.STREAMS_MAX);
        awaitNothingLeft();
    }

    @Test
    void aResetAmidTheBodyPublishesNothing() throws Exception {
        try (RawHttp2Client client = http2()) {
            client.publish(1, false, "content-length", "10").data(1, "12345", false);
            client.publish(3, false).data(3, "12345", false);
            await().until(() -> gateway.inFlightBytes() == 10 + (64 << 10));
            client.reset(1).reset(3);
            awaitNothingLeft();
            client.publish(5, true);
            assertThat(client.answer(5).status()).isEqualTo("202");
        }
        assertThat(broker.size()).isEqualTo(1);
        assertThat(get("/metrics").body())
                .contains("millrace_http_requests_total{route=\"publish\",status=\"499\"} 2.0");
    }

    @Test
    void aResetBeforeTheAnswerLeavesNothingBehind() throws Exception {
        broker.hold();
        try (RawHttp2Client client = http2()) {
            client.publish(1, false).data(1, "12345", true);
            await().until(() -> broker.heldBack() == 1);
            client.reset(1).head(3, "GET", "/health/live", true);
            assertThat(client.answer(3).status()).isEqualTo("200");
            broker.letGo();
            awaitNothingLeft();
            assertThat(broker.size()).isEqualTo(1);
        }
    }

    @Test
    void rapidResetsEndTheConnection() throws Exception {
        try (RawHttp2Client client = http2()) {
            try {
                for (int i = 0; i < FLOOD; i++) {
                    client.publish(2 * i + 1, true).reset(2 * i + 1);
                }
            } catch (java.io.IOException e) {
                assertThat(e).isInstanceOf(java.net.SocketException.class);
            }
            await().until(() -> gateway.connections() == 0);
        }
        awaitNothingLeft();
        assertThat(broker.size()).isLessThan(FLOOD / 2);
    }

    @Test
    void provokedResetsEndTheConnection() throws Exception {
        try (RawHttp2Client client = http2()) {
            try {
                for (int i = 0; i < FLOOD; i++) {
                    // An increment of nothing is an error that the server answers with a reset.
                    client.publish(2 * i + 1, false).window(2 * i + 1, 0);
                }
            } catch (java.io.IOException e) {
                assertThat(e).isInstanceOf(java.net.SocketException.class);
            }
            await().until(() -> gateway.connections() == 0);
        }
        awaitNothingLeft();
        assertThat(broker.size()).isZero();
    }

    @Test
    void headersHaveLimits() throws Exception {
        try (RawHttp2Client client = http2()) {
            client.head(1, "GET", "/health/live", true, "x", "y".repeat(17 << 10));
            assertThat(client.answer(1).status()).isEqualTo("431");
            String[] many = new String[2 * HttpLimits.HEADERS_MAX + 2];
            for (int i = 0; i < many.length; i += 2) {
                many[i] = "h" + i;
                many[i + 1] = "v";
            }
            client.head(3, "GET", "/health/live", true, many);
            assertThat(client.answer(3).status()).isEqualTo("431");
            client.head(5, "GET", "/health/live", true);
            assertThat(client.answer(5).status()).isEqualTo("200");
        }
        awaitNothingLeft();
    }

    @Test
    void endlessHeadersEndTheConnection() throws Exception {
        try (RawHttp2Client client = http2()) {
            client.frame(RawHttp2Client.HEADERS, 0, 1, new byte[0]);
            try {
                for (int i = 0; i < FLOOD; i++) {
                    client.frame(9, 0, 1, new byte[] {(byte) 0x82});
                }
            } catch (java.io.IOException e) {
                assertThat(e).isInstanceOf(java.net.SocketException.class);
            }
            await().until(() -> gateway.connections() == 0);
        }
    }

    @Test
    void aSlowReaderHoldsUpNobodyElse() throws Exception {
        try (RawHttp2Client client = http2()) {
            client.settings(RawHttp2Client.SETTINGS_INITIAL_WINDOW, 100);
            client.head(1, "GET", "/tail/a/**", true);
            await().until(() -> broker.openTails() == 1);
            String data = "x".repeat(10_000);
            for (int i = 0; i < 60; i++) {
                assertThat(publish("/events/a/b", "" + i, "\"" + data + "\"").statusCode())
                        .isEqualTo(202);
            }
            // The tail is held up by its window; another stream of the connection is not.
            client.head(3, "GET", "/health/live", true);
            client.window(3, 10_000);
            assertThat(client.answer(3).status()).isEqualTo("200");
            broker.overrun();
            client.window(0, 10_000_000).window(1, 10_000_000);
            assertThat(client.answerWith(1, "slow-consumer").body()).contains("\"id\":\"0\"");
        }
        awaitNothingLeft();
    }

    @Test
    void aFollowerThatResetsIsLetGo() throws Exception {
        try (RawHttp2Client client = http2()) {
            client.head(1, "GET", "/tail/a/**", true);
            client.answerWith(1, "id:");
            client.reset(1);
            awaitNothingLeft();
            client.head(3, "GET", "/health/live", true);
            assertThat(client.answer(3).status()).isEqualTo("200");
        }
    }

    @Test
    void stoppingSaysGoodbye() throws Exception {
        try (RawHttp2Client client = http2()) {
            broker.hold();
            client.publish(1, false).data(1, "1", true);
            await().until(() -> broker.heldBack() == 1);
            Thread closing = Thread.startVirtualThread(gateway::close);
            assertThat(client.goAway()).isZero();
            broker.letGo();
            assertThat(client.answer(1).status()).isEqualTo("202");
            client.awaitEnd();
            closing.join();
        }
    }

    @Test
    void aSlowBodyIsCutOff() throws Exception {
        try (RawHttp2Client client = http2()) {
            client.publish(1, false, "content-length", "10").data(1, "12345", false);
            client.publish(3, false).data(3, "12345", false);
            assertThat(client.answer(1).status()).isEqualTo("408");
            assertThat(client.answer(3).body()).contains("request-timeout");
            // The rest of the connection lives on.
            client.head(5, "GET", "/health/live", true);
            assertThat(client.answer(5).status()).isEqualTo("200");
            awaitNothingLeft();
        }
        assertThat(broker.size()).isZero();
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() throws Exception {
        try (RawHttp2Client client = http2()) {
            client.publish(1, false, "content-length", "100000");
            assertThat(client.answer(1).status()).isEqualTo("413");
            client.head(3, "GET", "/health/live", true);
            assertThat(client.answer(3).status()).isEqualTo("200");
        }
        awaitNothingLeft();
    }

    @Test
    void silentAndIdleConnectionsAreClosed() throws Exception {
        try (RawHttp2Client silent = http2();
                RawHttp2Client idle = http2()) {
            idle.head(1, "GET", "/health/live", true);
            assertThat(idle.answer(1).status()).isEqualTo("200");
            silent.awaitEnd();
            idle.awaitEnd();
        }
        await().until(() -> gateway.connections() == 0);
    }

    @Test
    void damagedFramesEndTheConnectionOnly() throws Exception {
        try (RawHttp2Client client = http2()) {
            client.data(1, "data of no stream", true);
            assertThat(client.goAway()).isEqualTo(PROTOCOL_ERROR);
            client.awaitEnd();
        }
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void aFloodOfPingsEndsTheConnection() throws Exception {
        try (RawHttp2Client client = http2()) {
            // Nobody reads the acknowledgements, so they would pile up.
            try {
                for (int i = 0; i < 200_000; i++) {
                    client.frame(6, 0, 0, new byte[8]);
                }
            } catch (java.io.IOException e) {
                assertThat(e).isInstanceOf(java.net.SocketException.class);
            }
            await().until(() -> gateway.connections() == 0);
        }
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }
}

package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.gateway.http.config.HttpLimits;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Clients that are slow, rude, broken or strangers.
final class LimitsTest extends GatewayTest {
    private static final String ATTRIBUTES =
            "ce-specversion: 1.0\r\nce-id: 1\r\nce-source: /s\r\nce-type: t\r\n";
    private static final String POST =
            "POST /events/a HTTP/1.1\r\nHost: localhost\r\n" + ATTRIBUTES;

    @Override
    HttpLimits limits() {
        return new HttpLimits(
                64 << 10,
                64 << 10,
                10,
                128 << 10,
                20,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                2,
                2,
                2);
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (RawClient raw = raw()) {
            String post = POST + "Content-Length: 2\r\n\r\n";
            raw.send(
                    (post + "11")
                            + (post + "22")
                            + "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            + (post + "33"));
            assertThat(raw.readAnswer()).contains("202").contains("\"offset\":0");
            assertThat(raw.readAnswer()).contains("202").contains("\"offset\":1");
            assertThat(raw.readAnswer()).contains("200").contains("live");
            assertThat(raw.readAnswer()).contains("202").contains("\"offset\":2");
        }
    }

    @Test
    void halfABodyPublishesNothing() throws Exception {
        try (RawClient raw = raw()) {
            raw.send(POST + "Content-Length: 10\r\n\r\n12345");
            await().until(() -> gateway.inFlightBytes() == 10);
        }
        try (RawClient raw = raw()) {
            raw.send(POST + "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n");
            await().until(() -> gateway.inFlightBytes() > 0);
            raw.reset();
        }
        await().until(() -> gateway.inFlightBytes() == 0);
        await().until(() -> gateway.connections() == 0);
        assertThat(broker.size()).isZero();
    }

    @Test
    void chunkedBodyIsOneBody() throws Exception {
        try (RawClient raw = raw()) {
            raw.send(
                    POST
                            + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n");
            assertThat(raw.readAnswer()).contains("202");
        }
        assertThat(broker.event(0).event().data()).hasToString("Bytes[5: 6162636465]");
    }

    @Test
    void slowBodyIsCutOff() throws Exception {
        try (RawClient raw = raw()) {
            raw.send(POST + "Content-Length: 10\r\n\r\n12345");
            assertThat(raw.readAnswer()).contains("408").contains("request-timeout");
            raw.readAll();
        }
        assertThat(gateway.inFlightBytes()).isZero();
    }

    @Test
    void drippingHeadersAreCutOff() throws Exception {
        try (RawClient raw = raw()) {
            await().atMost(Duration.ofSeconds(15))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        try {
                            raw.send("G");
                            return gateway.connections() == 0;
                        } catch (java.io.IOException e) {
                            return true;
                        }
                    });
        }
    }

    @Test
    void silentAndIdleConnectionsAreClosed() throws Exception {
        try (RawClient silent = raw();
                RawClient idle = raw()) {
            idle.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(idle.readAnswer()).contains("200");
            assertThat(silent.readAll()).isEmpty();
            assertThat(idle.readAll()).isEmpty();
        }
    }

    @Test
    void waitingReaderIsNotIdle() throws Exception {
        try (RawClient raw = raw()) {
            raw.send(
                    "GET /streams/events/events?from=next&wait=4s HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(raw.readAnswer()).contains("200");
        }
    }

    @Test
    void tooManyConnectionsAreRefused() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(raw());
        }
        await().until(() -> gateway.connections() == 20);
        try (RawClient oneMore = raw()) {
            assertThat(oneMore.readAll()).isEmpty();
        }
        for (RawClient client : clients) {
            client.close();
        }
        await().until(() -> gateway.connections() == 0);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void tooManyReadersAreToldToComeBack() throws Exception {
        try (RawClient one = raw();
                RawClient two = raw()) {
            one.send("GET /tail/** HTTP/1.1\r\nHost: localhost\r\n\r\n");
            two.send("GET /tail/** HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await().until(() -> gateway.followers() == 2);
            HttpResponse<String> refused = get("/tail/**");
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
        }
    }

    @Test
    void headersHaveLimits() throws Exception {
        assertThat(answer("GET /" + "x".repeat(9000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains(" 431 ")
                .contains("first line");
        assertThat(
                        answer(
                                "GET / HTTP/1.1\r\nHost: localhost\r\nx: "
                                        + "y".repeat(17 << 10)
                                        + "\r\n\r\n"))
                .contains(" 431 ")
                .contains("all headers");
        assertThat(
                        answer(
                                "GET / HTTP/1.1\r\nHost: localhost\r\n"
                                        + "a: b\r\n".repeat(128)
                                        + "\r\n"))
                .contains(" 431 ")
                .contains("128 headers");
    }

    private String answer(String request) throws Exception {
        try (RawClient raw = raw()) {
            return raw.send(request).readAnswer();
        }
    }

    @Test
    void expectationsAreMet() throws Exception {
        try (RawClient raw = raw()) {
            raw.send(POST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            raw.readUntil("HTTP/1.1 100 Continue\r\n\r\n");
            raw.send("11");
            assertThat(raw.readAnswer()).contains("202");
        }
        assertThat(answer(POST + "Expect: 100-continue\r\nContent-Length: 100000\r\n\r\n"))
                .contains("HTTP/1.1 413");
        assertThat(answer(POST + "Expect: a miracle\r\nContent-Length: 2\r\n\r\n"))
                .contains(" 400 ");
    }

    @Test
    void memoryForBodiesIsBounded() throws Exception {
        broker.hold();
        List<RawClient> clients = new ArrayList<>();
        String body = "x".repeat(64 << 10);
        for (int i = 0; i < 16; i++) {
            RawClient client = raw();
            clients.add(client);
            client.send(POST + "Content-Length: " + body.length() + "\r\n\r\n");
        }
        Thread sender =
                Thread.startVirtualThread(() -> {
                    for (RawClient client : clients) {
                        try {
                            client.send(body);
                        } catch (java.io.IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    }
                });
        long most = 2L * Runtime.getRuntime().availableProcessors() * (64 << 10);
        await().until(() -> gateway.inFlightBytes() == Math.min(most, 16L * (64 << 10)));
        broker.letGo();
        for (RawClient client : clients) {
            assertThat(client.readAnswer()).contains("202");
            client.close();
        }
        sender.join();
        await().until(() -> gateway.inFlightBytes() == 0);
        assertThat(broker.size()).isEqualTo(16);
    }

    @Test
    void strangersArePutOff() throws Exception {
        assertThat(answer("GET /health/live HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
                .contains("403");
        assertThat(answer("GET /health/live HTTP/1.1\r\nHost: 127.evil.example\r\n\r\n"))
                .contains("403");
        assertThat(answer("GET /health/live HTTP/1.1\r\nHost: localhost:1\r\n\r\n"))
                .contains("200");
        assertThat(answer("GET /health/live HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n")).contains("200");
        assertThat(answer("GET /health/live HTTP/1.1\r\n\r\n")).contains("400");
        assertThat(answer(POST + "Origin: https://evil.example\r\nContent-Length: 0\r\n\r\n"))
                .contains("403");
        assertThat(answer(POST + "Origin: null\r\nContent-Length: 0\r\n\r\n")).contains("403");
        assertThat(answer(POST + "Origin: http://localhost\r\nContent-Length: 0\r\n\r\n"))
                .contains("202");
    }

    @Test
    void oddRequestsGetClearAnswers() throws Exception {
        assertThat(answer("hello\r\n\r\n")).contains(" 400 ");
        assertThat(answer("GET health HTTP/1.1\r\nHost: localhost\r\n\r\n")).contains(" 400 ");
        assertThat(answer("GET /a\u00ffb HTTP/1.1\r\nHost: localhost\r\n\r\n")).contains(" 400 ");
        assertThat(answer("GET http://localhost/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains("HTTP/1.1 200");
        assertThat(
                        answer(
                                "POST http://localhost/events/a HTTP/1.1\r\nHost: localhost\r\n"
                                        + ATTRIBUTES
                                        + "Content-Length: 1\r\n\r\n1"))
                .contains("HTTP/1.1 202");
        assertThat(answer("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains("HTTP/1.1 204");
        assertThat(
                        answer(
                                "GET /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n1"))
                .contains(" 400 ");
        assertThat(answer(POST + "ce-id: 2\r\nContent-Length: 0\r\n\r\n"))
                .contains(" 400 ")
                .contains("given twice");
        assertThat(answer(POST + "ce-x: \u00ff\r\nContent-Length: 0\r\n\r\n"))
                .contains(" 400 ")
                .contains("UTF-8");
        assertThat(broker.size()).isEqualTo(1);
    }
}

package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/// Publishing with a well-behaved client.
final class PublishTest extends GatewayTest {
    @Test
    void binaryModeKeepsEverything() throws Exception {
        HttpResponse<String> answer =
                send(
                        event("/events/org/contoso", "1")
                                .header("ce-time", "2026-03-01T12:00:00.123456789+01:00")
                                .header("ce-subject", "M%C3%BCnchen %25")
                                .header("ce-color", "red")
                                .POST(BodyPublishers.ofString("{\"celsius\":20.50}")));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.body()).isEqualTo("{\"stream\":\"events\",\"partition\":0,\"offset\":0}");
        Event event = broker.event(0).event();
        assertThat(broker.event(0).context().path()).isEqualTo("/org/contoso");
        assertThat(event.id()).isEqualTo("1");
        assertThat(event.source()).isEqualTo("/sensors/7");
        assertThat(event.subject()).isEqualTo("München %");
        assertThat(Objects.requireNonNull(event.time()).text())
                .isEqualTo("2026-03-01T12:00:00.123456789+01:00");
        assertThat(event.extensions()).containsOnlyKeys("color");
        assertThat(event.dataContentType()).isEqualTo("application/json");
        assertThat(event.data()).isEqualTo(Bytes.utf8("{\"celsius\":20.50}"));
    }

    @Test
    void absentDataIsNotEmptyData() throws Exception {
        String head =
                "POST /events/a HTTP/1.1\r\nHost: localhost\r\nce-specversion: 1.0\r\nce-id: 1\r\n"
                        + "ce-source: /s\r\nce-type: t\r\nContent-Length: 0\r\n";
        try (RawClient raw = raw()) {
            assertThat(raw.send(head + "\r\n").readAnswer()).startsWith("HTTP/1.1 202");
            assertThat(raw.send(head + "Content-Type: text/plain\r\n\r\n").readAnswer())
                    .startsWith("HTTP/1.1 202");
        }
        assertThat(broker.event(0).event().data()).isNull();
        assertThat(broker.event(0).event().dataContentType()).isNull();
        assertThat(broker.event(1).event().data()).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void structuredModeAndContextFromSource() throws Exception {
        HttpResponse<String> answer =
                send(
                        request("/events")
                                .header(
                                        "content-type",
                                        "application/cloudevents+json; charset=UTF-8")
                                .POST(
                                        BodyPublishers.ofString(
                                                """
                                                {"specversion":"1.0","id":"1","source":"/sensors/7","type":"t","data":[1, 2]}
                                                """)));
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(broker.event(0).context().path()).isEqualTo("/sensors/7");
        assertThat(broker.event(0).event().data()).isEqualTo(Bytes.utf8("[1, 2]"));
    }

    @Test
    void batchIsAnsweredInOrder() throws Exception {
        HttpResponse<String> answer = batch("1", "2");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.body())
                .isEqualTo(
                        "[{\"stream\":\"events\",\"partition\":0,\"offset\":0},"
                                + "{\"stream\":\"events\",\"partition\":0,\"offset\":1}]");
    }

    @Test
    void oneBadMemberRefusesTheBatch() throws Exception {
        HttpResponse<String> answer = batch("1", "");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"[1].id\"");
        assertThat(broker.size()).isZero();
    }

    private HttpResponse<String> batch(String... ids) throws Exception {
        List<String> members = new ArrayList<>();
        for (String id : ids) {
            members.add(
                    "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/s\",\"type\":\"t\"}"
                            .formatted(id));
        }
        return send(
                request("/events/a")
                        .header("content-type", "application/cloudevents-batch+json")
                        .POST(BodyPublishers.ofString("[" + String.join(",", members) + "]")));
    }

    @Test
    void missingAttributesAreReportedTogether() throws Exception {
        HttpResponse<String> answer =
                send(
                        request("/events/a")
                                .header("ce-specversion", "0.3")
                                .header("ce-id", "1")
                                .POST(BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("content-type"))
                .contains("application/problem+json");
        assertThat(answer.body())
                .contains("\"type\":\"https://millrace.dev/problems/")
                .contains("\"status\":400")
                .contains("\"field\":\"specversion\"")
                .contains("\"field\":\"source\"")
                .contains("\"field\":\"type\"");
    }

    @Test
    void compressedBodies() throws Exception {
        byte[] data = "{\"celsius\":20.5}".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(data);
        }
        ByteArrayOutputStream deflate = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflate)) {
            out.write(data);
        }
        assertThat(compressed("gzip", gzip.toByteArray())).isEqualTo(202);
        assertThat(compressed("deflate", deflate.toByteArray())).isEqualTo(202);
        assertThat(compressed("zstd", Zstd.compress(data))).isEqualTo(202);
        assertThat(compressed("identity", data)).isEqualTo(202);
        for (int i = 0; i < 4; i++) {
            assertThat(broker.event(i).event().data()).isEqualTo(Bytes.wrap(data));
        }
        assertThat(compressed("br", data)).isEqualTo(415);
        assertThat(compressed("gzip", data)).isEqualTo(400);
        assertThat(compressed("gzip", java.util.Arrays.copyOf(gzip.toByteArray(), 15)))
                .isEqualTo(400);
        assertThat(compressed("zstd", java.util.Arrays.copyOf(Zstd.compress(data), 12)))
                .isEqualTo(400);
        assertThat(broker.size()).isEqualTo(4);
    }

    @Test
    void decompressionBombsAreStopped() throws Exception {
        byte[] zeros = new byte[64 << 20];
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(zeros);
        }
        assertThat(compressed("gzip", gzip.toByteArray())).isEqualTo(413);
        assertThat(compressed("zstd", Zstd.compress(zeros))).isEqualTo(413);
        assertThat(broker.size()).isZero();
    }

    private int compressed(String encoding, byte[] body) throws Exception {
        return send(event("/events/a", "1")
                        .header("content-encoding", encoding)
                        .POST(BodyPublishers.ofByteArray(body)))
                .statusCode();
    }

    @Test
    void bodiesMayBeAsLargeAsTheLimitAndNoLarger() throws Exception {
        int most = limits().bodyBytesMax();
        assertThat(publish("/events/a", "1", "x".repeat(most)).statusCode()).isEqualTo(202);
        assertThat(Objects.requireNonNull(broker.event(0).event().data()).length()).isEqualTo(most);
        HttpResponse<String> answer = publish("/events/a", "2", "x".repeat(most + 1));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("body-too-large");
        assertThat(broker.size()).isEqualTo(1);
    }

    @Test
    void contextsThatCannotBe() throws Exception {
        assertThat(problem("/events/a/%2e%2e/b")).isEqualTo("400 invalid-context");
        assertThat(problem("/events/a%2Fb")).isEqualTo("400 invalid-context");
        assertThat(problem("/events/a/*")).isEqualTo("400 invalid-context");
        assertThat(problem("/events/a/%FF")).isEqualTo("400 invalid-request");
        assertThat(problem("/events/a/%00")).isEqualTo("400 invalid-context");
        assertThat(problem("/events/millrace/x")).isEqualTo("403 reserved-context");
        assertThat(problem("/events/a?stream=b")).isEqualTo("400 invalid-request");
        assertThat(broker.size()).isZero();
        assertThat(publish("/events/M%C3%BCnchen/b%20c", "1", "1").statusCode()).isEqualTo(202);
        assertThat(broker.event(0).context().path()).isEqualTo("/München/b c");
    }

    private String problem(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = publish(path, "1", "1");
        return answer.statusCode()
                + " "
                + answer.body().replaceAll(".*problems/([a-z-]+)\".*", "$1");
    }

    @Test
    void whatTheBrokerSaysIsPassedOn() throws Exception {
        broker.failWith(new MillraceException(ErrorCode.OVERLOADED, "later"));
        HttpResponse<String> overloaded = publish("/events/a", "1", "1");
        assertThat(overloaded.statusCode()).isEqualTo(429);
        assertThat(overloaded.headers().firstValue("retry-after")).contains("1");
        broker.failWith(new MillraceException(ErrorCode.DISK_FULL, "full"));
        assertThat(publish("/events/a", "1", "1").statusCode()).isEqualTo(507);
        broker.refuseWith(new MillraceException(ErrorCode.SHUTTING_DOWN, "bye"));
        assertThat(publish("/events/a", "1", "1").statusCode()).isEqualTo(503);
    }

    @Test
    void http2CarriesManyAtOnce() throws Exception {
        try (HttpClient http2 =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                answers.add(
                        http2.sendAsync(
                                event("/events/a", "" + i)
                                        .POST(BodyPublishers.ofString("x".repeat(i * 1000)))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(202);
            }
            assertThat(answers.getLast().get().version()).isEqualTo(HttpClient.Version.HTTP_2);
        }
        assertThat(broker.size()).isEqualTo(60);
    }
}

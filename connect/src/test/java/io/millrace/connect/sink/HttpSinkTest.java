package io.millrace.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.delivery.DeliveryMode;
import io.millrace.delivery.Outcome;
import io.millrace.delivery.Outcome.Delivered;
import io.millrace.delivery.Outcome.Gone;
import io.millrace.delivery.Outcome.RetryLater;
import io.millrace.delivery.Secret;
import io.millrace.delivery.SinkHeaders;
import io.millrace.delivery.WebhookPermission;
import io.millrace.delivery.WebhookPermission.Granted;
import io.millrace.delivery.WebhookPermission.Question;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.format.JsonFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Servers that do what they should.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpSinkTest {
    private static final String NO_CONTENT = "HTTP/1.1 204 No Content\r\n\r\n";

    private final Pushing pushing = new Pushing();

    @AfterAll
    void close() {
        pushing.close();
    }

    private static String answer(String status, String headers, String body) {
        return "HTTP/1.1 %s\r\n%scontent-length: %d\r\n\r\n%s"
                .formatted(status, headers, body.length(), body);
    }

    @Test
    void binaryPutsAttributesIntoHeaders() throws Exception {
        try (RawServer server = RawServer.answering(NO_CONTENT)) {
            Event event =
                    Event.builder()
                            .id("1")
                            .source("/room/4")
                            .type("com.example.fire")
                            .subject("Büro %")
                            .extension("partitionkey", "k")
                            .dataContentType("text/plain")
                            .data(Bytes.utf8("hot"))
                            .build();
            assertThat(pushing.push(Pushing.config(server.port()), event))
                    .isEqualTo(new Delivered(204, null, null));
            RawServer.Request request = server.requests().getFirst();
            assertThat(request.line()).isEqualTo("POST /hook HTTP/1.1");
            assertThat(request.header("ce-specversion")).isEqualTo("1.0");
            assertThat(request.header("ce-id")).isEqualTo("1");
            assertThat(request.header("ce-source")).isEqualTo("/room/4");
            assertThat(request.header("ce-subject")).isEqualTo("B%C3%BCro%20%25");
            assertThat(request.header("ce-partitionkey")).isEqualTo("k");
            assertThat(request.header("content-type")).isEqualTo("text/plain");
            assertThat(request.body()).isEqualTo("hot");
        }
    }

    @Test
    void structuredAndBatchPutEventsIntoTheBody() throws Exception {
        try (RawServer server = RawServer.answering(NO_CONTENT)) {
            HttpSinkConfig config = Pushing.config(server.port());
            pushing.push(Pushing.with(config, DeliveryMode.STRUCTURED), Pushing.EVENT);
            pushing.push(Pushing.with(config, DeliveryMode.BATCH), Pushing.EVENT, Pushing.EVENT);
            RawServer.Request one = server.requests().get(0);
            assertThat(one.header("content-type")).isEqualTo("application/cloudevents+json");
            assertThat(new JsonFormat().read(Bytes.utf8(one.body()))).isEqualTo(Pushing.EVENT);
            RawServer.Request two = server.requests().get(1);
            assertThat(two.header("content-type")).isEqualTo("application/cloudevents-batch+json");
            assertThat(new JsonFormat().readBatch(Bytes.utf8(two.body()), 10))
                    .containsExactly(Pushing.EVENT, Pushing.EVENT);
        }
    }

    @Test
    void whatBinaryCannotCarryGoesStructured() throws Exception {
        Event bare = Event.builder().id("1").source("/s").type("t").build();
        Event typed = Event.builder().id("1").source("/s").type("t").dataContentType("a/b").build();
        Event empty = Event.builder().id("1").source("/s").type("t").data(Bytes.EMPTY).build();
        Event nested =
                Event.builder()
                        .id("1")
                        .source("/s")
                        .type("t")
                        .dataContentType("application/cloudevents+json")
                        .data(Bytes.utf8("{}"))
                        .build();
        try (RawServer server = RawServer.answering(NO_CONTENT)) {
            pushing.push(Pushing.config(server.port()), bare);
            assertThat(server.requests().getFirst().header("ce-id")).isEqualTo("1");
            for (Event event : List.of(typed, empty, nested)) {
                pushing.push(Pushing.config(server.port()), event);
                RawServer.Request request = server.requests().getLast();
                assertThat(request.header("ce-id")).isEmpty();
                assertThat(new JsonFormat().read(Bytes.utf8(request.body()))).isEqualTo(event);
            }
        }
    }

    @Test
    void anEventInTheAnswerIsReturned() throws Exception {
        String headers =
                "ce-specversion: 1.0\r\nCE-Id: 2\r\nce-source: /s\r\nce-type: a%20b\r\n"
                        + "content-type: text/plain\r\n";
        Event expected =
                Event.builder()
                        .id("2")
                        .source("/s")
                        .type("a b")
                        .dataContentType("text/plain")
                        .data(Bytes.utf8("yes"))
                        .build();
        try (RawServer server = RawServer.answering(answer("200 OK", headers, "yes"))) {
            assertThat(pushing.push(Pushing.config(server.port()), Pushing.EVENT))
                    .isEqualTo(new Delivered(200, expected, null));
        }
        String json = "{\"specversion\":\"1.0\",\"id\":\"2\",\"source\":\"/s\",\"type\":\"t\"}";
        String type = "content-type: application/cloudevents+json\r\n";
        try (RawServer server = RawServer.answering(answer("200 OK", type, json))) {
            assertThat(pushing.push(Pushing.config(server.port()), Pushing.EVENT))
                    .isInstanceOfSatisfying(
                            Delivered.class,
                            delivered -> assertThat(delivered.answer()).isNotNull());
        }
    }

    @Test
    void anAnswerThatIsNoValidEventIsDeliveredAllTheSame() throws Exception {
        String type = "content-type: application/cloudevents+json\r\n";
        try (RawServer server = RawServer.answering(answer("200 OK", type, "{\"id\":7"))) {
            assertThat(pushing.push(Pushing.config(server.port()), Pushing.EVENT))
                    .isInstanceOfSatisfying(
                            Delivered.class,
                            delivered ->
                                    assertThat(delivered.answerProblem())
                                            .startsWith("the event in the answer was not taken"));
        }
        String headers = "ce-specversion: 1.0\r\nce-id: 2\r\nce-id: 3\r\n";
        try (RawServer server = RawServer.answering(answer("200 OK", headers, ""))) {
            assertThat(pushing.push(Pushing.config(server.port()), Pushing.EVENT))
                    .isInstanceOfSatisfying(
                            Delivered.class,
                            delivered -> assertThat(delivered.answerProblem()).endsWith("in: id"));
        }
    }

    @Test
    void failuresBecomeOutcomes() throws Exception {
        try (RawServer server = RawServer.answering(answer("429 Slow", "retry-after: 9\r\n", ""))) {
            assertThat(pushing.push(Pushing.config(server.port()), Pushing.EVENT))
                    .isInstanceOfSatisfying(
                            RetryLater.class,
                            retry -> assertThat(retry.after()).isEqualTo(Duration.ofSeconds(9)));
        }
        try (RawServer server = RawServer.answering(answer("410 Gone", "", ""))) {
            assertThat(pushing.push(Pushing.config(server.port()), Pushing.EVENT))
                    .isInstanceOf(Gone.class);
        }
    }

    @Test
    void connectionsAreKeptAliveAndTurnsAreLimited() throws Exception {
        Semaphore permits = new Semaphore(0);
        try (RawServer server =
                new RawServer((_, out) -> {
                    permits.acquire();
                    out.write(NO_CONTENT.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                })) {
            HttpSinkConfig.Limits limits =
                    new HttpSinkConfig.Limits(1, 3, Duration.ofSeconds(20), 0);
            HttpSink sink =
                    pushing.sinks().open(Pushing.with(Pushing.config(server.port()), limits));
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                outcomes.add(sink.deliver(List.of(Pushing.EVENT)));
            }
            assertThatThrownBy(() -> sink.deliver(List.of(Pushing.EVENT)))
                    .isInstanceOf(RejectedExecutionException.class);
            await().until(() -> server.requests().size() == 3);
            permits.release(6);
            outcomes.forEach(each -> assertThat(Pushing.get(each)).isInstanceOf(Delivered.class));
            assertThat(server.requests()).hasSize(6);
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void theNumberOfEventsIsChecked() {
        HttpSink sink = pushing.sinks().open(Pushing.config(1));
        assertThatThrownBy(() -> sink.deliver(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sink.deliver(List.of(Pushing.EVENT, Pushing.EVENT)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void permissionIsAskedForAndCarriedAlong() throws Exception {
        String headers = "WebHook-Allowed-Origin: *\r\nWebHook-Allowed-Rate: 60\r\n";
        try (RawServer server = RawServer.answering(answer("405 No", headers, ""))) {
            HttpSinkConfig bare = Pushing.config(server.port());
            HttpSinkConfig config =
                    new HttpSinkConfig(
                            bare.address(),
                            bare.mode(),
                            bare.limits(),
                            SinkHeaders.of("headers", Map.of("X-Api-Key", Secret.of("k-123"))),
                            bare.credentials(),
                            "events.example");
            HttpSink sink = pushing.sinks().open(config);
            Secret callback = Secret.of("https://events.example/confirm?key=1");
            CompletableFuture<WebhookPermission> permission =
                    sink.ask(new Question("events.example", 120, callback));
            assertThat(Pushing.get(permission)).isEqualTo(new Granted(60));
            RawServer.Request options = server.requests().getFirst();
            assertThat(options.line()).isEqualTo("OPTIONS /hook HTTP/1.1");
            assertThat(options.header("webhook-request-origin")).isEqualTo("events.example");
            assertThat(options.header("webhook-request-rate")).isEqualTo("120");
            assertThat(options.header("webhook-request-callback")).isEqualTo(callback.reveal());
            pushing.push(config, Pushing.EVENT);
            RawServer.Request post = server.requests().getLast();
            assertThat(post.header("webhook-request-origin")).isEqualTo("events.example");
            assertThat(post.header("x-api-key")).isEqualTo("k-123");
            assertThat(config.toString()).doesNotContain("k-123");
        }
    }
}

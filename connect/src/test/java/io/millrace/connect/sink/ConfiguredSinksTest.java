package io.millrace.connect.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import io.millrace.delivery.DeliverySpec;
import io.millrace.delivery.Outcome;
import io.millrace.delivery.Sink;
import io.millrace.delivery.WebhookPermission;
import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import io.millrace.io.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ConfiguredSinksTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private final ConfiguredSinks sinks =
            new ConfiguredSinks(
                    new SinksConfig(
                            List.of("127.0.0.1"),
                            List.of(),
                            1,
                            Duration.ofMinutes(1),
                            "events.example",
                            null),
                    Clock.system());

    @AfterEach
    void close() {
        sinks.close();
    }

    @Test
    void whatIsSpecifiedIsWhatTheSinkGets() throws Exception {
        try (RawServer server = RawServer.answering(OK)) {
            DeliverySpec spec =
                    spec(
                            """
                            {"url":"http://127.0.0.1:%d/in?code=1","mode":"batch","batch":{"events":2},
                             "concurrency":3,"headers":{"X-Key":"h-1"},"bearer":"b-1",
                             "handshake":true}\
                            """
                                    .formatted(server.port()));
            try (Sink sink = sinks.open(spec)) {
                assertThat(sink.eventsMax()).isEqualTo(2);
                assertThat(sink.concurrencyMax()).isEqualTo(3);
                assertThat(Pushing.get(sink.deliver(List.of(Pushing.EVENT, Pushing.EVENT))))
                        .isInstanceOf(Outcome.Delivered.class);
            }
            RawServer.Request request = server.requests().getFirst();
            assertThat(request.line()).isEqualTo("POST /in?code=1 HTTP/1.1");
            assertThat(request.header("x-key")).isEqualTo("h-1");
            assertThat(request.header("authorization")).isEqualTo("Bearer b-1");
            assertThat(request.header("webhook-request-origin")).isEqualTo("events.example");
            assertThat(request.header("content-type"))
                    .startsWith("application/cloudevents-batch+json");
        }
    }

    @Test
    void nothingStartsBeforeItIsNeeded() {
        assertThat(sinks.isStarted()).isFalse();
        sinks.open(spec("{\"url\":\"http://127.0.0.1:1/\"}")).close();
        assertThat(sinks.isStarted()).isTrue();
        sinks.close();
        assertThatThrownBy(() -> sinks.open(spec("{\"url\":\"http://127.0.0.1:1/\"}")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void addressesAreCheckedWithTheirFields() {
        DeliverySpec good = spec("{\"url\":\"http://127.0.0.1:1/\"}");
        assertThat(Pushing.get(sinks.check(good))).isEmpty();
        DeliverySpec bad =
                spec(
                        """
                        {"url":"http://127.0.0.2/","oauth":{"tokenUrl":"http://10.0.0.1/",
                         "clientId":"me","clientSecret":"c-1"}}\
                        """);
        assertThat(Pushing.get(sinks.check(bad)))
                .extracting(Problem::field)
                .containsExactly("push.url", "push.oauth.tokenUrl");
    }

    private static ConfiguredSinks sinks(List<String> plain, @Nullable String callback) {
        return new ConfiguredSinks(
                new SinksConfig(
                        List.of("127.0.0.0/8", "10.0.0.0/8"),
                        plain,
                        1,
                        Duration.ofMinutes(1),
                        "events.example",
                        callback),
                Clock.system());
    }

    private static List<String> fields(ConfiguredSinks sinks, String json) {
        return Pushing.get(sinks.check(spec(json))).stream()
                .map(problem -> String.valueOf(problem.field()))
                .toList();
    }

    @Test
    void secretsDoNotGoOverPlainHttp() {
        String oauth =
                """
                {"url":"%s","oauth":{"tokenUrl":"%s","clientId":"me","clientSecret":"c-1"}}\
                """;
        String headers =
                "{\"url\":\"%s\",\"headers\":{\"X-Key\":\"h-1\",\"X-B\":\"h\"},\"bearer\":\"b\"}";
        String bearer = "{\"url\":\"%s\",\"bearer\":\"b-1\"}";
        try (ConfiguredSinks strict = sinks(List.of(), null)) {
            assertThat(fields(strict, bearer.formatted("http://10.0.0.1/")))
                    .containsExactly("push.bearer");
            assertThat(fields(strict, headers.formatted("http://10.0.0.1/")))
                    .containsExactly("push.bearer", "push.headers.x-key", "push.headers.x-b");
            assertThat(fields(strict, oauth.formatted("https://10.0.0.1/", "http://10.0.0.2/")))
                    .containsExactly("push.oauth.tokenUrl");
            assertThat(fields(strict, oauth.formatted("http://10.0.0.1/", "https://10.0.0.2/")))
                    .containsExactly("push.oauth");
            assertThat(Pushing.get(strict.check(spec(bearer.formatted("http://10.0.0.1/")))))
                    .first()
                    .satisfies(problem -> assertThat(problem.detail()).contains("sinks.plain"));
            for (String fine :
                    List.of("http://127.0.0.1/", "http://127.8.0.1/", "https://10.0.0.1/")) {
                assertThat(fields(strict, bearer.formatted(fine))).isEmpty();
                assertThat(fields(strict, headers.formatted(fine))).isEmpty();
                assertThat(fields(strict, oauth.formatted(fine, fine))).isEmpty();
            }
            assertThat(fields(strict, "{\"url\":\"http://10.0.0.1/\"}")).isEmpty();
        }
        try (ConfiguredSinks lenient = sinks(List.of("10.0.0.1"), null)) {
            assertThat(fields(lenient, bearer.formatted("http://10.0.0.1/"))).isEmpty();
            assertThat(fields(lenient, bearer.formatted("http://10.0.0.2/")))
                    .containsExactly("push.bearer");
        }
    }

    @Test
    void aSinkThatMayCallBackIsToldWhereAndWaitedFor() throws Exception {
        List<WebhookPermission.Granted> heard = new CopyOnWriteArrayList<>();
        Consumer<WebhookPermission.Granted> listener = heard::add;
        try (RawServer server = RawServer.answering(OK);
                ConfiguredSinks open = sinks(List.of(), "https://events.example/")) {
            assertThat(Pushing.get(open.ask(at(server), listener)))
                    .isEqualTo(new WebhookPermission.Awaited());
            String address =
                    String.valueOf(server.requests().getFirst().header("webhook-request-callback"));
            assertThat(address).startsWith("https://events.example/webhook-callbacks/");
            String key = address.substring(address.lastIndexOf('/') + 1);
            assertThat(open.calledBack(key, "30")).isTrue();
            assertThat(open.calledBack(key, "30")).isFalse();
            assertThat(heard).containsExactly(new WebhookPermission.Granted(30));
        }
    }

    @Test
    void whoAnswersAtOnceCannotCallBackAsWell() throws Exception {
        String granted =
                "HTTP/1.1 200 OK\r\nWebHook-Allowed-Origin: *\r\nContent-Length: 0\r\n\r\n";
        try (RawServer server = RawServer.answering(granted);
                ConfiguredSinks open = sinks(List.of(), "https://events.example/")) {
            assertThat(Pushing.get(open.ask(at(server), ConfiguredSinksTest::later)))
                    .isEqualTo(new WebhookPermission.Granted(600));
            String address =
                    String.valueOf(server.requests().getFirst().header("webhook-request-callback"));
            assertThat(open.calledBack(address.substring(address.lastIndexOf('/') + 1), null))
                    .isFalse();
        }
    }

    @Test
    void starsAreNoSecrets() {
        DeliverySpec spec = spec("{\"url\":\"http://127.0.0.1:1/\",\"bearer\":\"***\"}");
        assertThatThrownBy(() -> sinks.open(spec)).hasMessageContaining("push.bearer");
    }

    @Test
    void aSinkGrantsPermission() throws Exception {
        String granted =
                "HTTP/1.1 200 OK\r\nWebHook-Allowed-Origin: events.example\r\n"
                        + "WebHook-Allowed-Rate: 50\r\nContent-Length: 0\r\n\r\n";
        try (RawServer server = RawServer.answering(granted)) {
            assertThat(Pushing.get(sinks.ask(at(server), ConfiguredSinksTest::later)))
                    .isEqualTo(new WebhookPermission.Granted(50));
            assertThat(server.requests().getFirst().header("webhook-request-rate"))
                    .isEqualTo("600");
            assertThat(server.requests().getFirst().header("webhook-request-callback")).isEmpty();
        }
    }

    @Test
    void aSinkThatKnowsNothingOfItDeniesPermission() throws Exception {
        for (String status : List.of("200 OK", "404 Not Found", "501 Not Implemented")) {
            String answer = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
            try (RawServer server = RawServer.answering(answer)) {
                assertThat(Pushing.get(sinks.ask(at(server), ConfiguredSinksTest::later)))
                        .isInstanceOf(WebhookPermission.Denied.class);
            }
        }
    }

    @Test
    void aSinkThatIsOutOfOrderHasNotAnswered() throws Exception {
        for (String status : List.of("429 Wait", "500 Oh", "503 Later")) {
            String answer = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
            try (RawServer server = RawServer.answering(answer)) {
                assertThat(sinks.ask(at(server), ConfiguredSinksTest::later))
                        .failsWithin(Duration.ofSeconds(30))
                        .withThrowableThat()
                        .withMessageContaining("the sink answered " + status.substring(0, 3));
            }
        }
        assertThat(sinks.ask(spec("{\"url\":\"http://127.0.0.1:1/\"}"), ConfiguredSinksTest::later))
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .withMessageContaining("the sink refused the connection");
    }

    @Test
    void aConfigurationThatMakesNoSenseIsRefused() {
        Duration minute = Duration.ofMinutes(1);
        assertThatThrownBy(() ->
                        new SinksConfig(List.of("10.0.0.0/99"), List.of(), 1, minute, "a", null))
                .hasMessageContaining("10.0.0.0/8");
        assertThatThrownBy(
                        () -> new SinksConfig(List.of(), List.of(), 1, minute, "not a name", null))
                .hasMessageContaining("DNS name");
    }

    private static void later(WebhookPermission.Granted granted) {
        throw new IllegalStateException("nobody calls back, but there came " + granted);
    }

    private static DeliverySpec at(RawServer server) {
        return spec(
                "{\"url\":\"http://127.0.0.1:%d/\",\"handshake\":true,\"ratePerMinute\":600}"
                        .formatted(server.port()));
    }

    private static DeliverySpec spec(String json) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        ObjectNode tree = (ObjectNode) new JsonMapper().readTree(json);
        DeliverySpec spec = DeliverySpec.read(new Fields(tree, DeliverySpec.PATH, problems));
        assertThat(problems.problems()).isEmpty();
        return Objects.requireNonNull(spec);
    }
}

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ConfiguredSinksTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private final ConfiguredSinks sinks =
            new ConfiguredSinks(
                    new SinksConfig(
                            List.of("127.0.0.1"), 1, Duration.ofMinutes(1), "events.example"),
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
            assertThat(Pushing.get(sinks.ask(at(server))))
                    .isEqualTo(new WebhookPermission.Granted(50));
            assertThat(server.requests().getFirst().header("webhook-request-rate"))
                    .isEqualTo("600");
        }
    }

    @Test
    void aSinkThatKnowsNothingOfItDeniesPermission() throws Exception {
        for (String status : List.of("200 OK", "404 Not Found", "501 Not Implemented")) {
            String answer = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
            try (RawServer server = RawServer.answering(answer)) {
                assertThat(Pushing.get(sinks.ask(at(server))))
                        .isInstanceOf(WebhookPermission.Denied.class);
            }
        }
    }

    @Test
    void aSinkThatIsOutOfOrderHasNotAnswered() throws Exception {
        for (String status : List.of("429 Wait", "500 Oh", "503 Later")) {
            String answer = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
            try (RawServer server = RawServer.answering(answer)) {
                assertThat(sinks.ask(at(server)))
                        .failsWithin(Duration.ofSeconds(30))
                        .withThrowableThat()
                        .withMessageContaining("the sink answered " + status.substring(0, 3));
            }
        }
        assertThat(sinks.ask(spec("{\"url\":\"http://127.0.0.1:1/\"}")))
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .withMessageContaining("the sink refused the connection");
    }

    @Test
    void aConfigurationThatMakesNoSenseIsRefused() {
        Duration minute = Duration.ofMinutes(1);
        assertThatThrownBy(() -> new SinksConfig(List.of("10.0.0.0/99"), 1, minute, "a"))
                .hasMessageContaining("10.0.0.0/8");
        assertThatThrownBy(() -> new SinksConfig(List.of(), 1, minute, "not a name"))
                .hasMessageContaining("DNS name");
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

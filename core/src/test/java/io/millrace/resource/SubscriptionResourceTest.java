package io.millrace.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.DocumentReader.Format;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SubscriptionResourceTest {
    private static final String FULL =
            """
            kind: Subscription
            name: alarms
            pattern: /org/contoso/**
            stream: readings
            types: [com.example.alarm, com.example.fire.*]
            source: /sensors
            filters: [{prefix: {subject: room}}, {sql: "EXISTS subject"}]
            start: 2026-03-01T13:00:00+01:00
            order: key
            outstanding: 77
            transform: "$merge([$, {'subject': 'x'}])"
            expires: 2027-01-01T00:00:00Z
            pull: {lease: 30s, deliveriesMax: 3, retry: [0s, 1m]}
            """;
    private static final String START = "{kind: Subscription, name: a, pattern: /a/**";
    private static final String PUSH =
            START + ", push: {url: 'https://hooks.example/in', headers: {X-Key: h-1}, bearer: %s}}";

    private final ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);

    private @Nullable SubscriptionResource read(String text) {
        List<ResourceDocument> documents =
                new ResourceReader().read(Bytes.utf8(text), Format.YAML, problems);
        return documents.isEmpty()
                ? null
                : SubscriptionResource.read(documents.getFirst(), problems);
    }

    private SubscriptionResource subscription(String text) {
        SubscriptionResource subscription = read(text);
        assertThat(problems.problems()).as(text).isEmpty();
        return Objects.requireNonNull(subscription);
    }

    @Test
    void readsEveryField() {
        SubscriptionResource alarms = subscription(FULL);
        assertThat(alarms.name()).isEqualTo("alarms");
        assertThat(alarms.selection().pattern()).hasToString("/org/contoso/**");
        assertThat(alarms.selection().stream()).isEqualTo("readings");
        assertThat(alarms.selection().types())
                .containsExactly("com.example.alarm", "com.example.fire.*");
        assertThat(alarms.selection().source()).isEqualTo("/sensors");
        assertThat(alarms.selection().filters().filters()).hasSize(2);
        assertThat(alarms.start())
                .isEqualTo(new StartPoint.Since(Instant.parse("2026-03-01T12:00:00Z")));
        assertThat(alarms.order()).isEqualTo(DeliveryOrder.KEY);
        assertThat(alarms.outstandingMax()).isEqualTo(77);
        assertThat(alarms.transform()).isEqualTo("$merge([$, {'subject': 'x'}])");
        assertThat(alarms.expires()).isEqualTo(Instant.parse("2027-01-01T00:00:00Z"));
        assertThat(alarms.delivery())
                .isEqualTo(
                        new Delivery.Pull(
                                new LeasePolicy(
                                        Duration.ofSeconds(30),
                                        3,
                                        List.of(Duration.ZERO, Duration.ofMinutes(1)))));
        assertThat(alarms.references()).isEmpty();
    }

    @Test
    void canonicalDocumentsHaveEveryDefaultAndReadBackEqual() {
        assertThat(subscription(START + "}").toJson())
                .hasToString(
                        "{\"kind\":\"Subscription\",\"name\":\"a\",\"pattern\":\"/a/**\",\"types\":[],"
                                + "\"filters\":[],\"start\":\"latest\",\"order\":\"none\","
                                + "\"outstanding\":10000,\"pull\":{\"lease\":\"1m\","
                                + "\"deliveriesMax\":10,\"retry\":[\"0s\"]}}");
        for (String text :
                List.of(
                        FULL,
                        START + "}",
                        START + ", pull: {}, expires: 2027-01-01T00:00:00+01:00}",
                        START + ", start: earliest, context: /b}",
                        START + ", queue: fire-department}")) {
            SubscriptionResource first = subscription(text);
            SubscriptionResource again = subscription(first.toJson().toString());
            assertThat(again.toJson()).isEqualTo(first.toJson());
            assertThat(again.etag()).isEqualTo(first.etag());
            assertThat(again.delivery()).isEqualTo(first.delivery());
        }
    }

    @Test
    void deliversToAContextOrAQueue() {
        assertThat(subscription(START + ", context: /b}").delivery())
                .isEqualTo(new Delivery.ToContext(Context.of("/b")));
        SubscriptionResource jobs = subscription(START + ", queue: fire-department}");
        assertThat(jobs.delivery()).isEqualTo(new Delivery.ToQueue("fire-department"));
        assertThat(jobs.references())
                .containsExactly(
                        new ResourceReference("queue", ResourceKind.QUEUE, "fire-department"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "earliest",
                "latest",
                "2026-03-01T12:00:00Z",
                "events.1:12.40.7.9",
                "events:-.4",
                "events.1:12;tickets.7:0.-.3"
            })
    void startsWhereItIsTold(String start) {
        assertThat(subscription(START + ", start: '" + start + "'}").start().print())
                .isEqualTo(start);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"first", "17", "events.1:", ":3", "events.1:1;", "events.1:1.x", "Events:1"})
    void startsNowhereElse(String start) {
        assertThat(read(START + ", start: '" + start + "'}")).isNull();
        assertThat(problems.problems()).extracting(Problem::field).containsExactly("start");
    }

    @Test
    void everyProblemIsReportedWithItsPath() {
        assertThat(
                        read(
                                """
                                - kind: Subscription
                                  name: a
                                  pattern: org/x
                                  types: [ok, "", a*b, 7]
                                  source: ""
                                  filters: [{prefix: {Type: x}}, {all: []}]
                                  start: noon
                                  order: random
                                  outstanding: 0
                                  transform: "$("
                                  expires: tomorrow
                                  pull: {lease: 8d, deliveriesMax: 0, retry: [x], more: 1}
                                  speed: 9
                                - {kind: Subscription, name: b, pattern: /x}
                                """))
                .isNull();
        assertThat(problems.problems())
                .extracting(Problem::field)
                .containsExactlyInAnyOrder(
                        "[0].pattern",
                        "[0].types[3]",
                        "[0].types[1]",
                        "[0].types[2]",
                        "[0].source",
                        "[0].filters[0].prefix.Type",
                        "[0].filters[1].all",
                        "[0].start",
                        "[0].order",
                        "[0].outstanding",
                        "[0].transform",
                        "[0].expires",
                        "[0].pull.lease",
                        "[0].pull.deliveriesMax",
                        "[0].pull.retry[0]",
                        "[0].pull.more",
                        "[0].speed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    pull: {}, queue: q                 | queue
                    push: {url: 'http://a'}, pull: {}  | push
                    context: /b, queue: q              | queue
                    queue: Q                           | queue
                    stream: Readings                   | stream
                    context: b                         | context
                    context: /millrace/x               | context
                    context: /a/b                      | context
                    push: {}                           | push.url
                    push: {url: 'http://a', speed: 1}  | push.speed
                    """)
    void refusesOtherDeliveries(String fields, String path) {
        assertThat(read(START + ", " + fields + "}")).isNull();
        assertThat(problems.problems()).extracting(Problem::field).containsExactly(path);
    }

    @Test
    void aTransformMayPublishWhereItsSubscriptionLooks() {
        assertThat(
                        subscription(START + ", context: /a/b, transform: '{\"type\": \"b\"}'}")
                                .delivery())
                .isEqualTo(new Delivery.ToContext(Context.of("/a/b")));
    }

    @Test
    void secretsAreNotInTheDocumentAndComeBackFromElsewhere() {
        SubscriptionResource pushes = subscription(PUSH.formatted("b-1"));
        assertThat(pushes.secrets())
                .isEqualTo(Map.of("push.headers.x-key", "h-1", "push.bearer", "b-1"));
        assertThat(pushes.toJson().toString())
                .contains("\"bearer\":\"***\"")
                .doesNotContain("b-1")
                .doesNotContain("h-1");
        SubscriptionResource shown = subscription(pushes.toJson().toString());
        assertThat(shown.missingSecrets()).hasSize(2);
        assertThat(shown.withSecrets(pushes.secrets()).delivery()).isEqualTo(pushes.delivery());
    }

    @Test
    void starsKeepTheSecretsOfWhatIsReplaced() {
        SubscriptionResource pushes = subscription(PUSH.formatted("b-1"));
        SubscriptionResource shown = subscription(PUSH.formatted("'***'"));
        SubscriptionResource kept = shown.keepingSecretsOf(pushes, problems);
        assertThat(Objects.requireNonNull(kept).secrets()).isEqualTo(pushes.secrets());
        SubscriptionResource pulls = subscription(START + "}");
        assertThat(shown.keepingSecretsOf(null, problems)).isNull();
        assertThat(shown.keepingSecretsOf(pulls, problems)).isNull();
        assertThat(problems.problems())
                .extracting(Problem::field)
                .containsExactly("push.bearer", "push.bearer");
    }

    @Test
    void aDifferenceOfSecretsIsToldWithoutThem() {
        SubscriptionResource before = subscription(PUSH.formatted("b-1"));
        SubscriptionResource after = subscription(PUSH.formatted("b-2"));
        assertThat(ResourceDiff.between(before, before).isEmpty()).isTrue();
        assertThat(ResourceDiff.between(before, after))
                .hasToString("~ push.bearer: *** -> *** (another)\n");
        assertThat(before.toString() + before.etag()).doesNotContain("b-1").doesNotContain("h-1");
        assertThat(before.etag()).isEqualTo(after.etag());
    }
}

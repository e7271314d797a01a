package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.millrace.config.Fields;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class DeliverySpecTest {
    private static final String FULL =
            """
            {"url":"https://hooks.example/in?code=q-1","mode":"batch","batch":{"events":7},
             "timeout":"5s","concurrency":3,"ratePerMinute":600,
             "headers":{"X-Key":"h-1","x-tenant":"h-2"},
             "oauth":{"tokenUrl":"https://login.example/token?t=q-2","clientId":"me",
               "clientSecret":"c-1","scope":"push","placement":"body"},
             "handshake":true,
             "retry":{"delays":["1s","1m"],"jitter":0.5,"age":"2h","attempts":4},
             "deadLetter":false}
            """;

    private final ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);

    @Test
    void anAddressIsEnoughAndEveryDefaultIsWritten() {
        DeliverySpec spec = good("{\"url\":\"http://a.example\"}");
        assertThat(written(spec).toString())
                .isEqualTo(
                        """
                        {"url":"http://a.example","mode":"binary","timeout":"30s","concurrency":10,\
                        "ratePerMinute":"unlimited","headers":{},"handshake":false,\
                        "retry":{"delays":["10s","30s","1m","5m","10m","30m","1h"],"jitter":0.1,\
                        "age":"1d","attempts":30},"deadLetter":true}\
                        """);
        assertThat(good(written(spec).toString())).isEqualTo(spec);
        assertThat(spec.limits().perMinute()).isNull();
    }

    @Test
    void everythingThatIsGivenIsReadAndWritten() {
        DeliverySpec spec = good(FULL);
        assertThat(spec.limits())
                .isEqualTo(new DeliverySpec.Limits(7, Duration.ofSeconds(5), 3, 600));
        assertThat(spec.retry())
                .isEqualTo(
                        new RetrySchedule(
                                List.of(Duration.ofSeconds(1), Duration.ofMinutes(1)),
                                0.5,
                                Duration.ofHours(2),
                                4));
        assertThat(written(spec).toString())
                .isEqualTo(
                        """
                        {"url":"https://hooks.example/in?***","mode":"batch","batch":{"events":7},\
                        "timeout":"5s","concurrency":3,"ratePerMinute":600,\
                        "headers":{"x-key":"***","x-tenant":"***"},\
                        "oauth":{"tokenUrl":"https://login.example/token?***","clientId":"me",\
                        "clientSecret":"***","scope":"push","placement":"body"},"handshake":true,\
                        "retry":{"delays":["1s","1m"],"jitter":0.5,"age":"2h","attempts":4},\
                        "deadLetter":false}\
                        """);
    }

    @Test
    void secretsAreKeptApartAndPutBack() {
        DeliverySpec spec = good(FULL);
        Map<String, String> secrets = spec.secrets();
        assertThat(secrets)
                .containsExactly(
                        entry("push.headers.x-key", "h-1"),
                        entry("push.headers.x-tenant", "h-2"),
                        entry("push.url", "code=q-1"),
                        entry("push.oauth.tokenUrl", "t=q-2"),
                        entry("push.oauth.clientSecret", "c-1"));
        assertThat(spec.toString()).doesNotContainPattern("[hqc]-[12]");
        DeliverySpec shown = good(written(spec).toString());
        assertThat(shown.missingSecrets()).containsExactlyElementsOf(secrets.keySet());
        assertThat(shown.secrets()).isEmpty();
        assertThat(shown.withSecrets(secrets)).isEqualTo(spec);
        DeliverySpec bearer = good("{\"url\":\"http://a.example\",\"bearer\":\"abc\"}");
        assertThat(bearer.secrets()).containsExactly(entry("push.bearer", "abc"));
        assertThat(written(bearer).path("bearer").asString()).isEqualTo("***");
        assertThat(good(written(bearer).toString()).withSecrets(bearer.secrets()))
                .isEqualTo(bearer);
    }

    @Test
    void starsKeepTheSecretThatExists() {
        DeliverySpec before = good("{\"url\":\"http://a.example/1\",\"headers\":{\"k\":\"h-1\"}}");
        DeliverySpec after =
                good("{\"url\":\"http://a.example/2\",\"headers\":{\"K\":\"***\",\"l\":\"h-2\"}}");
        DeliverySpec kept = Objects.requireNonNull(after.keepingSecretsOf(before, problems));
        assertThat(kept.secrets())
                .containsOnly(entry("push.headers.k", "h-1"), entry("push.headers.l", "h-2"));
        assertThat(problems.problems()).isEmpty();
    }

    @Test
    void starsThatStandForNothingAreAProblem() {
        DeliverySpec spec = good("{\"url\":\"http://a.example/1\",\"bearer\":\"***\"}");
        assertThat(spec.keepingSecretsOf(null, problems)).isNull();
        assertThat(problems.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "push.bearer: stands for a secret that exists, but there is none; give the"
                                + " secret");
    }

    @Test
    void secretsDoNotMoveToAnotherServer() {
        DeliverySpec before = good("{\"url\":\"https://a.example/1\",\"bearer\":\"abc\"}");
        for (String url :
                List.of("https://b.example/1", "http://a.example/1", "https://a.example:1")) {
            DeliverySpec after = good("{\"url\":\"" + url + "\",\"bearer\":\"***\"}");
            assertThat(after.keepingSecretsOf(before, problems)).isNull();
        }
        DeliverySpec sameSink =
                good(FULL.replace("login.example", "thief.example").replace("c-1", "***"));
        assertThat(sameSink.keepingSecretsOf(good(FULL), problems)).isNull();
        assertThat(problems.problems())
                .hasSize(4)
                .allMatch(problem -> problem.detail().contains("another server"));
    }

    @Test
    void everythingThatIsWrongIsReportedAtOnceAndNoSecretWithIt() {
        String text =
                """
                {"url":"ftp://secret@a.example","mode":"bianry","batch":{"events":0},
                 "timeout":"1h","concurrency":0,"ratePerMinute":"many",
                 "headers":{"host":"secret","x":5,"authorization":"secret"},
                 "bearer":"secret secret","oauth":{"tokenUrl":"x?secret","clientId":"","scope":""},
                 "handshake":"yes",
                 "retry":{"delays":["1s","soon"],"jitter":2,"age":"old","attempts":0},
                 "deadLetter":1,"retires":3}
                """;
        assertThat(read(text)).isNull();
        assertThat(problems.problems())
                .extracting(Problem::field)
                .containsExactlyInAnyOrder(
                        "push.url",
                        "push.mode",
                        "push.batch",
                        "push.batch.events",
                        "push.timeout",
                        "push.concurrency",
                        "push.ratePerMinute",
                        "push.headers.host",
                        "push.headers.x",
                        "push.bearer",
                        "push.bearer",
                        "push.oauth.tokenUrl",
                        "push.oauth.clientId",
                        "push.oauth.clientSecret",
                        "push.oauth.scope",
                        "push.handshake",
                        "push.retry.delays[1]",
                        "push.retry.jitter",
                        "push.retry.age",
                        "push.retry.attempts",
                        "push.deadLetter",
                        "push.retires");
        assertThat(problems.problems())
                .extracting(Problem::toString)
                .noneMatch(problem -> problem.contains("secret:") || problem.contains("secret@"));
    }

    @Test
    void whatExcludesEachOtherIsRefused() {
        assertThat(
                        read(
                                """
                                {"url":"http://a.example","bearer":"a",
                                 "headers":{"Authorization":"Basic x"}}
                                """))
                .isNull();
        assertThat(read("{\"url\":\"http://a.example\",\"retry\":{\"delays\":[]}}")).isNull();
        assertThat(read("{}")).isNull();
        assertThat(problems.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "push.headers.authorization: must not be given with bearer or oauth",
                        "push.retry: there must be 1 to 100 delays",
                        "push.url: is missing");
    }

    private DeliverySpec good(String json) {
        int before = problems.size();
        DeliverySpec spec = read(json);
        assertThat(problems.size()).isEqualTo(before);
        return Objects.requireNonNull(spec);
    }

    private @Nullable DeliverySpec read(String json) {
        ObjectNode tree = (ObjectNode) new JsonMapper().readTree(json);
        return DeliverySpec.read(new Fields(tree, DeliverySpec.PATH, problems));
    }

    private static ObjectNode written(DeliverySpec spec) {
        ObjectNode push = JsonNodeFactory.instance.objectNode();
        spec.writeTo(push);
        return push;
    }
}

package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.DeadLetters.Resubmission;
import io.millrace.event.Bytes;
import io.millrace.event.ContextPattern;
import io.millrace.letter.DeadLetter;
import io.millrace.letter.LetterSearch;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Dead letters: searched, sent again, discarded.
final class LetterTest extends GatewayTest {
    private static final String LETTER =
            """
            {"id":"l1","kind":"Queue","name":"orders","reason":"attempts-exhausted","detail":"it took \\"too\\" long",\
            "status":503,"attempts":1,"first":"2026-03-01T12:00:00.123Z","last":"2026-03-01T12:00:01.123Z",\
            "position":{"stream":"orders","partition":4,"offset":1},"resubmissions":2,"context":"/a",\
            "event":{"specversion":"1.0","id":"e1","source":"/s","type":"t",\
            "datacontenttype":"application/json","data":1}}\
            """;

    @Test
    void oneLetter() throws Exception {
        assertThat(get("/dead-letters/l1").body()).isEqualTo(LETTER);
        assertThat(summary(get("/dead-letters/l2"))).isEqualTo("404 not-found id");
    }

    @Test
    void lettersComeInPages() throws Exception {
        broker.letters.count = 130;
        String page = get("/dead-letters?max=2").body();
        assertThat(page)
                .startsWith(
                        "{\"letters\":[{\"id\":\"l0\",\"kind\":\"Queue\",\"name\":\"orders\",\"reason\":\"expired\"")
                .contains("long\",\"attempts\":0,\"last\":")
                .endsWith("," + LETTER + "],\"next\":\"2\"}");
        String second = get("/dead-letters?after=2").body();
        assertThat(second.split("\"kind\"")).hasSize(101);
        assertThat(second).endsWith(",\"next\":\"102\"}");
        assertThat(get("/dead-letters?after=102").body()).endsWith("}]}");
        broker.letters.data = "\"" + "x".repeat(1_000_000) + "\"";
        assertThat(get("/dead-letters").body()).endsWith(",\"next\":\"50\"}");
        broker.letters.count = 0;
        assertThat(get("/dead-letters").body()).isEqualTo("{\"letters\":[]}");
        assertThat(broker.letters.searches).containsOnly(LetterSearch.ALL);
    }

    @Test
    void searchesByEverything() throws Exception {
        LetterSearch all =
                new LetterSearch(
                        "Subscription",
                        "alarms",
                        DeadLetter.Reason.LEASES_ENDED,
                        Instant.parse("2026-03-01T11:00:00Z").toEpochMilli(),
                        Instant.parse("2026-03-02T00:00:00.5Z").toEpochMilli(),
                        ContextPattern.of("/a/**"),
                        "com.*",
                        "ü x");
        String query =
                "kind=Subscription&name=alarms&reason=leases-ended&since=2026-03-01T12:00:00+01:00"
                        + "&until=2026-03-02T00:00:00.5Z&context=/a/**&type=com.*&text=%C3%BC+x";
        assertThat(get("/dead-letters?" + query).statusCode()).isEqualTo(200);
        assertThat(broker.letters.searches.getLast()).isEqualTo(all);
        String document =
                """
                {"search":{"kind":"Subscription","name":"alarms","reason":"leases-ended",
                "since":"2026-03-01T12:00:00+01:00","until":"2026-03-02T00:00:00.5Z",
                "context":"/a/**","type":"com.*","text":"ü x"},"reason":"obsolete"}
                """;
        assertThat(post("/dead-letters/discard", document).body())
                .isEqualTo("{\"done\":3,\"problems\":[]}");
        assertThat(broker.letters.searches.getLast()).isEqualTo(all);
        assertThat(broker.letters.calls).containsExactly("discard obsolete");
    }

    @Test
    void searchesThatCannotBe() throws Exception {
        assertThat(summary(get("/dead-letters?kind=queue"))).isEqualTo("400 invalid-request kind");
        assertThat(summary(get("/dead-letters?reason=bad")))
                .isEqualTo("400 invalid-request reason");
        assertThat(summary(get("/dead-letters?since=today")))
                .isEqualTo("400 invalid-request since");
        assertThat(summary(get("/dead-letters?context=a")))
                .isEqualTo("400 invalid-request context");
        assertThat(summary(get("/dead-letters?max=0"))).isEqualTo("400 invalid-request max");
        assertThat(summary(get("/dead-letters?names=x"))).isEqualTo("400 invalid-request names");
        assertThat(broker.letters.searches).isEmpty();
    }

    private HttpResponse<String> resubmit(String json) throws IOException, InterruptedException {
        return post("/dead-letters/resubmit", json);
    }

    @Test
    void lettersAreSentAgain() throws Exception {
        assertThat(resubmit("{\"ids\":[\"l1\",\"l9\"]}").body())
                .isEqualTo("{\"done\":1,\"problems\":[\"l9: is not there\"]}");
        assertThat(
                        resubmit(
                                        "{\"search\":{},\"transform\":\"$\",\"perSecond\":0.5,\"delay\":\"10s\"}")
                                .body())
                .isEqualTo("{\"done\":5,\"problems\":[]}");
        assertThat(
                        resubmit(
                                        """
                                        {"ids":["l1"],"event":{"specversion":"1.0","id":"n",
                                        "source":"/s","type":"t","data":[1, 2]}}
                                        """)
                                .statusCode())
                .isEqualTo(200);
        assertThat(broker.letters.calls).containsExactly("resubmit [l1, l9]", "resubmit [l1]");
        assertThat(broker.letters.searches).containsExactly(LetterSearch.ALL);
        assertThat(broker.letters.resubmissions.subList(0, 2))
                .containsExactly(
                        new Resubmission(null, null, null, Duration.ZERO),
                        new Resubmission(null, "$", 0.5, Duration.ofSeconds(10)));
        assertThat(
                        Objects.requireNonNull(broker.letters.resubmissions.getLast().replacement())
                                .data())
                .isEqualTo(Bytes.utf8("[1, 2]"));
    }

    @Test
    void resubmissionsThatCannotBe() throws Exception {
        String event = "{\"specversion\":\"1.0\",\"id\":\"n\",\"source\":\"/s\",\"type\":\"t\"}";
        assertThat(summary(resubmit("{}"))).isEqualTo("400 invalid-request ids");
        assertThat(summary(resubmit("{\"ids\":[]}"))).isEqualTo("400 invalid-request ids");
        assertThat(summary(resubmit("{\"ids\":[\"a\"],\"search\":{}}")))
                .isEqualTo("400 invalid-request ids");
        assertThat(summary(resubmit("{\"ids\":[\"a\",\"b\"],\"event\":" + event + "}")))
                .isEqualTo("400 invalid-request event");
        assertThat(summary(resubmit("{\"search\":{},\"event\":" + event + "}")))
                .isEqualTo("400 invalid-request event");
        assertThat(
                        summary(
                                resubmit(
                                        "{\"ids\":[\"a\"],\"transform\":\"$\",\"event\":"
                                                + event
                                                + "}")))
                .isEqualTo("400 invalid-request transform");
        assertThat(summary(resubmit("{\"ids\":[\"a\"],\"event\":{}}")))
                .startsWith("400 invalid-event event.");
        assertThat(
                        summary(
                                resubmit(
                                        """
                                        {"search":{"kind":"x","reason":"y","since":"z","context":"c","what":1},
                                        "perSecond":0,"delay":"-1s","transform":""}
                                        """)))
                .isEqualTo(
                        "400 invalid-request search.kind search.reason search.since search.context"
                                + " search.what perSecond delay transform");
        assertThat(broker.letters.resubmissions).isEmpty();
    }

    @Test
    void discardingSaysWhy() throws Exception {
        String path = "/dead-letters/discard";
        assertThat(post(path, "{\"ids\":[\"l1\"],\"reason\":\"obsolete\"}").body())
                .isEqualTo("{\"done\":2,\"problems\":[]}");
        assertThat(broker.letters.calls).containsExactly("discard [l1] obsolete");
        assertThat(summary(post(path, "{\"ids\":[\"l1\"]}")))
                .isEqualTo("400 invalid-request reason");
        assertThat(summary(post(path, "{\"reason\":\"x\"}"))).isEqualTo("400 invalid-request ids");
        assertThat(summary(post(path, "{\"search\":{},\"reason\":\"x\",\"delay\":\"1s\"}")))
                .isEqualTo("400 invalid-request delay");
        assertThat(broker.letters.calls).hasSize(1);
    }
}

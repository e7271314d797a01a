package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Publication;
import io.millrace.broker.SettleRequest;
import io.millrace.event.Bytes;
import io.millrace.group.SettleAction;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Saying what becomes of leases.
final class SettleTest extends GatewayTest {
    private HttpResponse<String> settle(String members) throws IOException, InterruptedException {
        return post("/queues/known/settle", "{\"settlements\":[" + members + "]}");
    }

    private String problem(String members) throws IOException, InterruptedException {
        return summary(settle(members));
    }

    @Test
    void everyAction() throws Exception {
        HttpResponse<String> answer =
                settle(
                        """
                        {"token":"a","action":"acknowledge"},
                        {"action":"complete","token":"b"},
                        {"token":"c","action":"release"},
                        {"token":"d","action":"release","delay":"1m30s","failed":true},
                        {"token":"e","action":"reject","reason":"no such \\"order\\""},
                        {"token":"f","action":"defer"},
                        {"token":"g","action":"renew"},
                        {"token":"h","action":"renew","lease":"60s","delay":null}
                        """);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(broker.groups.settled)
                .containsExactly(
                        request("a", new SettleAction.Complete()),
                        request("b", new SettleAction.Complete()),
                        request("c", new SettleAction.Release(Duration.ZERO, false)),
                        request("d", new SettleAction.Release(Duration.ofSeconds(90), true)),
                        request("e", new SettleAction.Reject("no such \"order\"")),
                        request("f", new SettleAction.Defer()),
                        request("g", new SettleAction.Renew(null)),
                        request("h", new SettleAction.Renew(Duration.ofMinutes(1))));
        assertThat(answer.body())
                .startsWith("{\"results\":[{\"token\":\"a\",\"outcome\":\"done\"},")
                .contains("{\"token\":\"e\",\"outcome\":\"dead-lettered\"},")
                .endsWith(
                        "{\"token\":\"h\",\"outcome\":\"done\","
                                + "\"deadline\":\"2026-03-01T12:01:30.123Z\"}],\"refused\":0}");
    }

    private static SettleRequest request(String token, SettleAction action) {
        return new SettleRequest(token, action, null);
    }

    @Test
    void refusalsAreResultsWithAReason() throws Exception {
        HttpResponse<String> answer =
                post(
                        "/subscriptions/known/settle",
                        """
                        {"settlements":[{"token":"before","action":"defer"},{"token":"ended","action":"defer"},
                        {"token":"another","action":"defer"},{"token":"unknown","action":"defer"},
                        {"token":"x","action":"defer"}]}
                        """);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("{\"token\":\"before\",\"outcome\":\"settled-before\",\"detail\":\"")
                .contains("{\"token\":\"ended\",\"outcome\":\"lease-ended\",\"detail\":\"")
                .contains("{\"token\":\"another\",\"outcome\":\"given-to-another\",\"detail\":\"")
                .contains("{\"token\":\"unknown\",\"outcome\":\"unknown\",\"detail\":\"")
                .contains("{\"token\":\"x\",\"outcome\":\"done\"}")
                .endsWith("\"refused\":4}");
    }

    @Test
    void completingMayPublish() throws Exception {
        String event =
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\","
                        + "\"data\":{\"n\": 1.50, \"ü\":[]}}";
        String both =
                "{\"token\":\"a\",\"action\":\"complete\",\"event\":%s,\"eventContext\":\"/x/y\"}"
                        .formatted(event);
        assertThat(settle(both).statusCode()).isEqualTo(200);
        Publication publication =
                Objects.requireNonNull(broker.groups.settled.getFirst().emitted());
        assertThat(publication.context()).isEqualTo("/x/y");
        assertThat(publication.event().data()).isEqualTo(Bytes.utf8("{\"n\": 1.50, \"ü\":[]}"));
        assertThat(problem("{\"token\":\"a\",\"action\":\"complete\",\"eventContext\":\"/x\"}"))
                .isEqualTo("400 invalid-request settlements[0].eventContext");
        assertThat(
                        problem(
                                "{\"token\":\"a\",\"action\":\"complete\","
                                        + "\"event\":{\"specversion\":\"1.0\",\"id\":\"\"}}"))
                .isEqualTo(
                        "400 invalid-event settlements[0].event.id settlements[0].event.source"
                                + " settlements[0].event.type");
        assertThat(problem(both.replace("/x/y", "/x/*")))
                .isEqualTo("400 invalid-context settlements[0].eventContext");
        assertThat(summary(post("/subscriptions/known/settle", "{\"settlements\":[" + both + "]}")))
                .isEqualTo("400 invalid-request settlements[0].event settlements[0].eventContext");
        assertThat(broker.groups.settled).hasSize(1);
    }

    @Test
    void everythingWrongIsToldAtOnceAndNothingSettled() throws Exception {
        assertThat(
                        problem(
                                """
                                {"token":"a","action":"complete","delay":"1s"},
                                {"token":"a","action":"release","delay":"soon","reason":"x","failed":"yes"},
                                {"action":"release","delay":10},
                                {"token":"a"},
                                {"token":1,"action":"finish"},
                                {"token":"a","action":"reject"},
                                {"token":"a","action":"reject","reason":" "},
                                {"token":"a","action":"renew","lease":"0s"},
                                {"token":"a","action":"defer","token":"b","acton":"x"},
                                7,
                                {"token":"fine","action":"complete"}
                                """))
                .isEqualTo(
                        "400 invalid-request settlements[0].delay settlements[1].delay"
                                + " settlements[1].failed settlements[1].reason"
                                + " settlements[2].delay settlements[2].token"
                                + " settlements[3].action settlements[4].token"
                                + " settlements[4].action settlements[5].reason"
                                + " settlements[6].reason settlements[7].lease"
                                + " settlements[8].token settlements[8].acton settlements[9]");
        assertThat(problem("{\"token\":\"a\",\"action\":\"reject\",\"reason\":\"\\ud800\"}"))
                .isEqualTo("400 invalid-request settlements[0].reason");
        assertThat(broker.groups.settled).isEmpty();
    }

    @Test
    void documentsThatAreNone() throws Exception {
        for (String document :
                new String[] {
                    "",
                    " ",
                    "[]",
                    "null",
                    "{",
                    "{}",
                    "{\"settlements\":{}}",
                    "{\"settlements\":null}",
                    "{\"settlements\":[]} x",
                    "{\"settlements\":[],\"settlements\":[]}",
                    "{\"settlements\":[{\"token\":\"a\",\"action\":\"complete\"}",
                    "{\"settlements\":" + "[".repeat(1_000),
                    "\0{\"settlements\":[]}",
                    "{\"settlement\":[]}"
                }) {
            HttpResponse<String> answer = post("/queues/known/settle", document);
            assertThat(summary(answer)).as(document).startsWith("400 invalid-request");
        }
        assertThat(
                        send(request("/queues/known/settle")
                                        .POST(
                                                BodyPublishers.ofByteArray(
                                                        new byte[] {
                                                            '{', (byte) 0xC0, (byte) 0xA0
                                                        })))
                                .body())
                .contains("not UTF-8 at byte 1");
        assertThat(
                        summary(
                                send(
                                        request("/queues/known/settle")
                                                .header("content-type", "text/plain")
                                                .POST(BodyPublishers.ofString("{}")))))
                .isEqualTo("415 unsupported-media-type content-type");
        assertThat(summary(post("/queues/known/settle?x=1", "{}")))
                .isEqualTo("400 invalid-request x");
        assertThat(summary(post("/queues/other/settle", "{\"settlements\":[]}")))
                .isEqualTo("404 queue-not-found name");
        assertThat(broker.groups.settled).isEmpty();
    }

    @Test
    void atMostTenThousandAtOnce() throws Exception {
        String one = "{\"token\":\"%060d\",\"action\":\"acknowledge\"},".formatted(7);
        String most = one.repeat(9_999) + one.substring(0, one.length() - 1);
        HttpResponse<String> answer = settle(most);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(broker.groups.settled).hasSize(10_000);
        assertThat(problem(one + most)).isEqualTo("413 batch-too-large settlements");
        assertThat(broker.groups.settled).hasSize(10_000);
    }
}

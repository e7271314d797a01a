package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/// Subscriptions moved, paused, and asked why.
final class SubscriptionTest extends GatewayTest {
    private String seek(String to) throws IOException, InterruptedException {
        return summary(post("/subscriptions/known/seek", "{\"to\":" + to + "}"));
    }

    @Test
    void seekGoesSomewhereElse() throws Exception {
        assertThat(seek("\"earliest\"")).isEqualTo("204");
        assertThat(seek("\"latest\"")).isEqualTo("204");
        assertThat(seek("\"2026-03-01T12:00:00+01:00\"")).isEqualTo("204");
        assertThat(seek("\"events.1:12.40\"")).isEqualTo("204");
        assertThat(broker.groups.calls)
                .containsExactly(
                        "seek First[]",
                        "seek Next[]",
                        "seek Since[moment=2026-03-01T11:00:00Z]",
                        "seek Resume[position=events.1:12.40]");
        for (String wrong :
                new String[] {"\"first\"", "\"17\"", "17", "\"\"", "null", "\"2026-03-01\""}) {
            assertThat(seek(wrong)).as(wrong).isEqualTo("400 invalid-request to");
        }
        assertThat(summary(post("/subscriptions/other/seek", "{\"to\":\"latest\"}")))
                .isEqualTo("404 subscription-not-found name");
        assertThat(summary(post("/subscriptions/known/seek"))).isEqualTo("400 invalid-request");
        assertThat(broker.groups.calls).hasSize(4);
    }

    @Test
    void deferredEventsAreFetchedByNumber() throws Exception {
        String path = "/subscriptions/known/deferred";
        assertThat(post(path + "?lease=5s", "{\"numbers\":[\"events-0-17\",\"0-3\"]}").body())
                .startsWith("{\"leases\":[{\"token\":\"3-2-0-17-5\"")
                .contains("\"number\":\"events-0-17\"");
        assertThat(broker.groups.calls).containsExactly("deferred [events-0-17, 0-3] PT5S");
        assertThat(
                        summary(
                                post(
                                        path,
                                        "{\"numbers\":[\"a-b-0-1\",\"17\",\"-0-1\",\"a-0-\",\"a--1\"]}")))
                .isEqualTo("400 invalid-request numbers[1] numbers[2] numbers[3] numbers[4]");
        assertThat(summary(post("/subscriptions/other/deferred", "{\"numbers\":[]}")))
                .isEqualTo("404 subscription-not-found name");
    }

    @Test
    void pauseAndResume() throws Exception {
        assertThat(summary(post("/subscriptions/known/pause"))).isEqualTo("204");
        assertThat(summary(post("/subscriptions/known/resume"))).isEqualTo("204");
        assertThat(broker.groups.calls).containsExactly("pause", "resume");
        assertThat(summary(post("/subscriptions/other/pause")))
                .isEqualTo("404 subscription-not-found name");
        assertThat(summary(post("/subscriptions/known/resume?now=1")))
                .isEqualTo("400 invalid-request now");
    }

    @Test
    void statusAndLedger() throws Exception {
        String subscription =
                """
                {"kind":"Subscription","name":"known","state":"disabled","reason":"the sink is gone","waiting":7,\
                "perSecond":1.5,"lastFailure":"410 at noon","ledger":{"accepted":100,"settled":50,"filtered":10,\
                "expired":5,"deadLettered":2,"pending":33,"leased":3,"delayed":2,"deferred":1,"unread":8,\
                "oldestPending":"2026-03-01T12:00:00.123Z"}}\
                """;
        String queue =
                """
                {"kind":"Queue","name":"known","state":"active","reason":null,"waiting":0,"perSecond":0.0,\
                "lastFailure":null,"ledger":{"accepted":0,"settled":0,"filtered":0,"expired":0,"deadLettered":0,\
                "pending":0,"leased":0,"delayed":0,"deferred":0,"unread":0}}\
                """;
        assertThat(get("/api/v1/subscriptions/known/status").body()).isEqualTo(subscription);
        assertThat(get("/api/v1/queues/known/status").body()).isEqualTo(queue);
        assertThat(get("/api/v1/ledger").body())
                .isEqualTo("{\"items\":[" + subscription + "," + queue + "]}");
        assertThat(get("/metrics").body())
                .contains(
                        "millrace_group_events{kind=\"subscription\",name=\"known\",state=\"pending\"} 33\n",
                        "millrace_group_unread{kind=\"subscription\",name=\"known\"} 8.0\n",
                        "millrace_group_active{kind=\"queue\",name=\"known\"} 1.0\n");
        assertThat(summary(get("/api/v1/queues/other/status")))
                .isEqualTo("404 queue-not-found name");
        assertThat(summary(get("/api/v1/subscriptions/other/status")))
                .isEqualTo("404 subscription-not-found name");
    }

    private HttpResponse<String> structured(String path, String event)
            throws IOException, InterruptedException {
        return send(
                request(path)
                        .header("content-type", "application/cloudevents+json")
                        .POST(BodyPublishers.ofString(event)));
    }

    private static String structure(String id, String source) {
        return "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"%s\",\"type\":\"t\"}"
                .formatted(id, source);
    }

    @Test
    void explainAnEvent() throws Exception {
        String path = "/subscriptions/known/explain";
        assertThat(structured(path, structure("1", "/a")).body())
                .isEqualTo(
                        """
                        {"wanted":true,"why":{"path":"","clause":"all","matches":true,"decisive":true,\
                        "detail":"all of them match","parts":[{"path":"types","clause":"any type","matches":true,\
                        "decisive":true,"found":"t","detail":"t is one","parts":[]}]}}\
                        """);
        // Data of application/json in binary mode is no position, because there are attributes.
        assertThat(publish(path + "?context=/c", "2", "{\"position\":1}").statusCode())
                .isEqualTo(200);
        assertThat(broker.groups.calls).containsExactly("explain /a 1", "explain /c 2");
        assertThat(summary(structured(path, structure("1", "urn:x"))))
                .isEqualTo("400 missing-context source");
        assertThat(summary(structured(path + "?context=/*", structure("1", "/a"))))
                .startsWith("400 invalid-context");
        assertThat(summary(structured(path, structure("", "/a"))))
                .isEqualTo("400 invalid-event id");
        assertThat(
                        summary(
                                send(
                                        request(path)
                                                .header(
                                                        "content-type",
                                                        "application/cloudevents-batch+json")
                                                .POST(BodyPublishers.ofString("[]")))))
                .isEqualTo("415 unsupported-media-type content-type");
    }

    @Test
    void explainAPosition() throws Exception {
        String path = "/subscriptions/known/explain";
        String place = "{\"position\":{\"stream\":\"events\",\"partition\":0,\"offset\":17}}";
        assertThat(post(path, place).body())
                .startsWith("{\"wanted\":false,\"state\":\"it was passed over\",\"why\":{");
        assertThat(broker.groups.calls)
                .containsExactly("explain Receipt[stream=events, partition=0, offset=17]");
        assertThat(summary(post(path, "{\"position\":{\"stream\":\"events\",\"offset\":-1}}")))
                .isEqualTo("400 invalid-request position.offset position.partition");
        assertThat(
                        summary(
                                post(
                                        path,
                                        "{\"position\":{\"stream\":3,\"partition\":1e3,\"offset\":1}}")))
                .isEqualTo("400 invalid-request position.stream position.partition");
        assertThat(summary(post(path, "{}"))).isEqualTo("400 invalid-request position");
        assertThat(summary(post(path + "?context=/a", place)))
                .isEqualTo("400 invalid-request context");
    }

    @Test
    void previewOfATransform() throws Exception {
        String path = "/subscriptions/known/preview";
        assertThat(structured(path, structure("1", "/a")).body())
                .isEqualTo(
                        "{\"input\":{\"a\":1},\"output\":\"ü\",\"event\":"
                                + structure("1", "/a")
                                + ",\"errors\":[]}");
        assertThat(structured(path, structure("bad", "/a")).body())
                .isEqualTo(
                        """
                        {"input":null,"output":null,"errors":[{"code":8002,"field":"type","detail":"is missing"}]}\
                        """);
        assertThat(summary(structured("/subscriptions/other/preview", structure("1", "/a"))))
                .isEqualTo("404 subscription-not-found name");
    }

    @Test
    void sinksCallBackWithGetAndPost() throws Exception {
        HttpResponse<String> granted =
                send(request("/webhook-callbacks/known").header("WebHook-Allowed-Rate", "120"));
        assertThat(granted.statusCode()).isEqualTo(200);
        assertThat(granted.headers().firstValue("cache-control")).contains("no-store");
        assertThat(post("/webhook-callbacks/known", "{}").statusCode()).isEqualTo(200);
        assertThat(post("/webhook-callbacks/known").statusCode()).isEqualTo(200);
        assertThat(summary(get("/webhook-callbacks/unknown"))).isEqualTo("404 not-found");
        assertThat(broker.calledBack)
                .containsExactly("known 120", "known null", "known null", "unknown null");
    }

    @Test
    void whoOnlyLooksAtACallbackGrantsNothing() throws Exception {
        send(
                request("/webhook-callbacks/known")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody()));
        send(
                request("/webhook-callbacks/known")
                        .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(broker.calledBack).isEmpty();
    }
}

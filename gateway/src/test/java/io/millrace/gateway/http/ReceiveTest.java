package io.millrace.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.broker.ReceiveRequest;
import io.millrace.broker.SettleRequest;
import io.millrace.gateway.http.config.HttpLimits;
import io.millrace.group.SettleAction;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Taking events and jobs, at once and with patience.
final class ReceiveTest extends GatewayTest {
    private static final String WAIT =
            "POST /subscriptions/known/receive?wait=60s HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Length: 0\r\n\r\n";

    @Override
    HttpLimits limits() {
        return new HttpLimits(
                1 << 20,
                8 << 20,
                100,
                128 << 20,
                100,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                2,
                2,
                2);
    }

    @Test
    void leasesOfASubscription() throws Exception {
        broker.groups.add(TestGroups.event("e1", "{\"ü\": 1}"));
        broker.groups.add(TestGroups.event("e2", "2"));
        HttpResponse<String> answer =
                post("/subscriptions/known/receive?max=10&wait=20s&lease=30s");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.body())
                .isEqualTo(
                        """
                        {"leases":[{"token":"t0","deadline":"2026-03-01T12:01:00.123Z","deliveries":1,"failures":0,\
                        "first":"2026-03-01T12:00:00.124Z","position":{"stream":"events","partition":4,"offset":0},\
                        "number":"events-4-0",\
                        "recordedtime":"2026-03-01T12:00:00.123Z","context":"/a/b",\
                        "event":{"specversion":"1.0","id":"e1","source":"/s","type":"t",\
                        "datacontenttype":"application/json","data":{"ü": 1}}},\
                        {"token":"t1","deadline":"2026-03-01T12:01:00.123Z","deliveries":1,"failures":0,\
                        "first":"2026-03-01T12:00:00.124Z","position":{"stream":"events","partition":4,"offset":1},\
                        "number":"events-4-1",\
                        "recordedtime":"2026-03-01T12:00:00.123Z","context":"/a/b",\
                        "event":{"specversion":"1.0","id":"e2","source":"/s","type":"t",\
                        "datacontenttype":"application/json","data":2}}]}\
                        """);
        assertThat(broker.groups.received)
                .containsExactly(
                        new ReceiveRequest(10, Duration.ofSeconds(20), Duration.ofSeconds(30)));
    }

    @Test
    void leasesOfAQueueHaveNumbers() throws Exception {
        broker.groups.add(TestGroups.event("e1", "1"));
        HttpResponse<String> answer = post("/queues/known/receive");
        assertThat(answer.body()).contains("\"offset\":0},\"number\":\"4-0\",\"recordedtime\"");
        assertThat(post("/queues/known/receive").body()).isEqualTo("{\"leases\":[]}");
        assertThat(broker.groups.received).containsOnly(new ReceiveRequest(1, Duration.ZERO, null));
    }

    @Test
    void jobsMayBeDeletedAsTheyAreGivenOut() throws Exception {
        for (int i = 0; i < 40; i++) {
            broker.groups.add(TestGroups.event("e" + i, "1"));
        }
        HttpResponse<String> answer = post("/queues/known/receive?mode=delete&max=35&wait=1s");
        assertThat(answer.body().split("\"token\"")).hasSize(36);
        assertThat(broker.groups.calls).isNotEmpty().containsOnly("delete");
        assertThat(broker.groups.received.getFirst().waitMax()).isEqualTo(Duration.ofSeconds(1));
        assertThat(broker.groups.received.getLast().waitMax()).isZero();
        assertThat(broker.groups.available()).isEqualTo(5);
        assertThat(broker.groups.settled).isEmpty();
    }

    @Test
    void parametersThatCannotBe() throws Exception {
        assertThat(problem("max=0")).isEqualTo("400 invalid-request max");
        assertThat(problem("max=10001")).isEqualTo("400 invalid-request max");
        assertThat(problem("max=many")).isEqualTo("400 invalid-request max");
        assertThat(problem("max=1&max=2")).isEqualTo("400 invalid-request max");
        assertThat(problem("wait=61s")).isEqualTo("400 invalid-request wait");
        assertThat(problem("wait=5")).isEqualTo("400 invalid-request wait");
        assertThat(problem("lease=0s")).isEqualTo("400 invalid-request lease");
        assertThat(problem("lease=25h")).isEqualTo("400 invalid-request lease");
        assertThat(problem("mode=lease")).isEqualTo("400 invalid-request mode");
        assertThat(summary(post("/queues/known/receive?mode=steal")))
                .isEqualTo("400 invalid-request mode");
        assertThat(summary(post("/queues/known/receive?mode=delete&lease=1s")))
                .isEqualTo("400 invalid-request lease");
        assertThat(summary(post("/subscriptions/other/receive")))
                .isEqualTo("404 subscription-not-found name");
        assertThat(summary(post("/queues/other/receive"))).isEqualTo("404 queue-not-found name");
        assertThat(get("/queues/known/receive").statusCode()).isEqualTo(405);
        assertThat(summary(post("/queues/known/receive", "{}")))
                .isEqualTo("400 invalid-request body");
        assertThat(broker.groups.received).isEmpty();
    }

    private String problem(String query) throws IOException, InterruptedException {
        return summary(post("/subscriptions/known/receive?" + query));
    }

    @Test
    void whoWaitsIsAnsweredWhenSomethingComes() throws Exception {
        try (RawClient raw = raw()) {
            raw.send(WAIT);
            await().until(() -> broker.groups.waiters() == 1);
            broker.groups.add(TestGroups.event("late", "1"));
            assertThat(raw.readAnswer()).contains("200").contains("\"id\":\"late\"");
        }
    }

    @Test
    void whoGoesWhileWaitingTakesNothingAlong() throws Exception {
        RawClient raw = raw();
        raw.send(WAIT);
        await().until(() -> broker.groups.waiters() == 1);
        assertThat(gateway.receivers()).isEqualTo(1);
        raw.close();
        await().until(() -> broker.groups.waiters() == 0 && gateway.receivers() == 0);
        broker.groups.add(TestGroups.event("e1", "1"));
        assertThat(post("/subscriptions/known/receive").body()).contains("\"id\":\"e1\"");
    }

    @Test
    void whatComesWhenTheClientHasGoneIsGivenBack() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        broker.groups.gate = gate;
        broker.groups.add(TestGroups.event("e1", "1"));
        RawClient raw = raw();
        raw.send(WAIT);
        await().until(() -> broker.groups.calls.contains("kept"));
        raw.close();
        await().until(() -> broker.groups.calls.contains("interrupted"));
        assertThat(broker.groups.settled).isEmpty();
        broker.groups.gate = null;
        gate.countDown();
        await().until(() -> gateway.receivers() == 0);
        assertThat(broker.groups.settled)
                .containsExactly(
                        new SettleRequest(
                                "t0", new SettleAction.Release(Duration.ZERO, false), null));
        assertThat(broker.groups.available()).isEqualTo(1);
    }

    @Test
    void thoseWhoWaitKeepNobodyElseWaiting() throws Exception {
        try (RawClient one = raw();
                RawClient two = raw()) {
            one.send(WAIT);
            two.send(WAIT);
            await().until(() -> broker.groups.waiters() == 2);
            HttpResponse<String> refused = post("/queues/known/receive");
            assertThat(summary(refused)).isEqualTo("429 overloaded");
            assertThat(refused.headers().firstValue("retry-after")).contains("1");
            String settlement = "{\"settlements\":[{\"token\":\"t\",\"action\":\"complete\"}]}";
            assertThat(post("/queues/known/settle", settlement).statusCode()).isEqualTo(200);
            assertThat(get("/metrics").body()).contains("millrace_receivers 2.0");
        }
    }

    @Test
    void whoWaitsIsToldThatTheServerStops() throws Exception {
        try (RawClient raw = raw()) {
            raw.send(WAIT);
            await().until(() -> broker.groups.waiters() == 1);
            gateway.close();
            assertThat(raw.readAnswer()).contains("503").contains("shutting-down");
        }
    }

    @Test
    void longAnswersAreCutAndTheRestGivenBack() throws Exception {
        String data = "\"" + "x".repeat(1_000_000) + "\"";
        for (int i = 0; i < 20; i++) {
            broker.groups.add(TestGroups.event("e" + i, data));
        }
        HttpResponse<String> answer = post("/subscriptions/known/receive?max=20");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body().split("\"token\"")).hasSize(18);
        assertThat(answer.body()).endsWith("}]}");
        assertThat(broker.groups.available()).isEqualTo(3);
        assertThat(broker.groups.settled).hasSize(3);
    }
}

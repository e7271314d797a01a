package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `millrace subscribe`, against a server that gives leases as a test tells it.
class SubscribeCommandTest {
    private static final String NOTHING = "{\"leases\":[]}";

    private final FakeServer server =
            new FakeServer()
                    .on("/api/v1/subscriptions/", FakeServer.json(201, "{\"kind\":\"x\"}"))
                    .on("/subscriptions/", FakeServer.json(200, "{\"results\":[],\"refused\":0}"));

    @AfterEach
    void stop() {
        server.close();
    }

    private static String lease(int n) {
        return "{\"token\":\"t"
                + n
                + "\",\"deadline\":\"2026-03-01T12:01:00Z\",\"deliveries\":1,\"failures\":0,"
                + "\"position\":{\"stream\":\"events\",\"partition\":0,\"offset\":"
                + n
                + "},\"recordedtime\":\"2026-03-01T12:00:00.5Z\",\"context\":\"/org/room/4\","
                + "\"event\":{\"specversion\":\"1.0\",\"id\":\""
                + n
                + "\",\"source\":\"/s\",\"type\":\"reading\",\"data\":{\"n\":"
                + n
                + "}}}";
    }

    private static FakeServer.Handler leases(int... numbers) {
        StringBuilder all = new StringBuilder();
        for (int n : numbers) {
            all.append(all.isEmpty() ? "" : ",").append(lease(n));
        }
        return FakeServer.json(200, "{\"leases\":[" + all + "]}");
    }

    /// The path of the last part of a request, after the subscription's name.
    private List<String> asked() {
        return server.requests().stream()
                .map(r -> r.method() + " " + r.path().replaceAll("follow-[0-9a-f]{8}", "NAME"))
                .toList();
    }

    @Test
    void aTemporarySubscriptionIsFollowedAndDeleted() {
        server.on("/subscriptions/", FakeServer.json(200, "{\"results\":[],\"refused\":0}"));
        receives(leases(1, 2), FakeServer.json(200, NOTHING), leases(3));
        CommandRun run =
                CommandRun.at(server)
                        .run(
                                "subscribe",
                                "/org/**",
                                "--max",
                                "3",
                                "--type",
                                "reading",
                                "--type",
                                "com.*",
                                "--filter",
                                "EXISTS subject",
                                "--from",
                                "first");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "2026-03-01 12:00:00.500 /org/room/4 reading {\"n\":1}",
                        "2026-03-01 12:00:00.500 /org/room/4 reading {\"n\":2}",
                        "2026-03-01 12:00:00.500 /org/room/4 reading {\"n\":3}");
        assertThat(asked())
                .containsExactly(
                        "PUT /api/v1/subscriptions/NAME",
                        "POST /subscriptions/NAME/receive",
                        "POST /subscriptions/NAME/settle",
                        "POST /subscriptions/NAME/receive",
                        "POST /subscriptions/NAME/receive",
                        "POST /subscriptions/NAME/settle",
                        "DELETE /api/v1/subscriptions/NAME");
        FakeServer.Request created = server.requests().getFirst();
        assertThat(created.headers()).containsEntry("if-none-match", "*");
        assertThat(created.text())
                .isEqualTo(
                        "{\"pattern\":\"/org/**\",\"types\":[\"reading\",\"com.*\"],"
                                + "\"filters\":[{\"sql\":\"EXISTS subject\"}],\"start\":\"earliest\","
                                + "\"pull\":{},\"expires\":\"2026-03-01T13:00:00Z\"}");
        assertThat(server.requests().get(1).query()).isEqualTo("max=3&wait=20s");
        assertThat(server.requests().get(2).text())
                .isEqualTo(
                        "{\"settlements\":[{\"token\":\"t1\",\"action\":\"acknowledge\"},"
                                + "{\"token\":\"t2\",\"action\":\"acknowledge\"}]}");
        assertThat(server.requests().get(3).query()).isEqualTo("max=1&wait=20s");
    }

    /// The name is not known before, so the route is the same for receive and settle.
    private void receives(FakeServer.Handler... answers) {
        var left = new java.util.concurrent.ConcurrentLinkedQueue<>(List.of(answers));
        server.on(
                "/subscriptions/",
                (request, exchange) -> {
                    FakeServer.Handler next =
                            request.path().endsWith("/receive") ? left.poll() : null;
                    if (next == null) {
                        next = FakeServer.json(200, "{\"results\":[],\"refused\":0}");
                    }
                    next.answer(request, exchange);
                });
    }

    @Test
    void jsonIsTheEnvelopeThatTailShows() {
        receives(leases(7));
        CommandRun run =
                CommandRun.at(server).run("subscribe", "/a", "--max", "1", "--output", "json");
        assertThat(run.out())
                .isEqualTo(
                        "{\"context\":\"/org/room/4\",\"stream\":\"events\",\"partition\":0,"
                                + "\"offset\":7,\"recorded\":\"2026-03-01T12:00:00.5Z\",\"event\":"
                                + "{\"specversion\":\"1.0\",\"id\":\"7\",\"source\":\"/s\","
                                + "\"type\":\"reading\",\"data\":{\"n\":7}}}\n");
    }

    @Test
    void ctrlCDeletesTheSubscriptionToo() {
        CommandRun run = CommandRun.at(server);
        receives((request, exchange) -> {
            run.time().stop();
            leases(1).answer(request, exchange);
        });
        run.run("subscribe", "/a");
        assertThat(run.exitCode()).isZero();
        assertThat(asked()).contains("DELETE /api/v1/subscriptions/NAME");
    }

    @Test
    void aLongFollowKeepsItsSubscriptionAlive() {
        CommandRun run = CommandRun.at(server);
        receives(
                (request, exchange) -> {
                    run.time().pause(Duration.ofMinutes(21));
                    leases(1).answer(request, exchange);
                },
                leases(2));
        run.run("subscribe", "/a", "--max", "2");
        List<FakeServer.Request> puts =
                server.requests().stream().filter(r -> r.method().equals("PUT")).toList();
        assertThat(puts).hasSize(2);
        assertThat(puts.get(1).text()).contains("\"expires\":\"2026-03-01T13:21:00Z\"");
        assertThat(puts.get(1).headers()).doesNotContainKey("if-none-match");
    }

    @Test
    void aServerThatIsAwayForAWhileIsAskedAgain() {
        receives(
                leases(1),
                FakeServer.problem(503, "{\"title\":\"Restarting\"}", Map.of("Retry-After", "7")),
                (_, exchange) -> exchange.close(),
                leases(2));
        CommandRun run = CommandRun.at(server).run("subscribe", "/a", "--max", "2");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.err()).contains("Restarting; trying again in 7.0s", "connection broke");
        assertThat(run.time().pauses().getFirst()).hasSeconds(7);
    }

    @Test
    void patienceEnds() {
        server.on("/subscriptions/", FakeServer.json(503, "{\"title\":\"Restarting\"}"));
        CommandRun run = CommandRun.at(server).run("subscribe", "/a");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("millrace: Restarting (HTTP 503)");
        assertThat(run.time().now()).isBefore("2026-03-01T12:05:01Z");
        assertThat(asked()).endsWith("DELETE /api/v1/subscriptions/NAME");
    }

    @Test
    void whatCannotBeDeletedExpires() {
        receives(leases(1));
        server.once("/api/v1/subscriptions/", FakeServer.json(201, "{}"));
        server.once("/api/v1/subscriptions/", FakeServer.json(500, "{\"title\":\"Disk full\"}"));
        CommandRun run = CommandRun.at(server).run("subscribe", "/a", "--max", "1");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("could not be deleted", "expires at 2026-03-01T13:00:00Z");
    }

    @Test
    void aNamedSubscriptionStays() {
        receives(leases(1));
        CommandRun run = CommandRun.at(server).run("subscribe", "/a", "--name", "x", "--max", "1");
        assertThat(run.exitCode()).isZero();
        assertThat(asked())
                .containsExactly(
                        "PUT /api/v1/subscriptions/x",
                        "POST /subscriptions/x/receive",
                        "POST /subscriptions/x/settle");
        assertThat(server.requests().getFirst().text()).doesNotContain("expires");
    }

    @Test
    void aNamedSubscriptionIsGoneOnWithIfItIsTheSame() {
        receives(leases(1), leases(2));
        String[] args = {"subscribe", "/a", "--name", "x", "--max", "1"};
        there(
                "{\"pattern\":\"/a\",\"pull\":{\"lease\":\"60s\"},\"start\":\"latest\",\"types\":[]}");
        CommandRun same = CommandRun.at(server).run(args);
        assertThat(same.exitCode()).as(same.err()).isZero();
        assertThat(same.err()).contains("goes on where subscription x was");
        for (String other :
                List.of(
                        "{\"pattern\":\"/b\",\"pull\":{}}",
                        "{\"pattern\":\"/a\",\"source\":\"/s\"}",
                        "{\"pattern\":\"/a\",\"filters\":[{\"exact\":{\"type\":\"t\"}}]}",
                        "{\"pattern\":\"/a\",\"push\":{\"url\":\"https://example.com\"}}")) {
            there(other);
            CommandRun run = CommandRun.at(server).run(args);
            assertThat(run.exitCode()).as(other).isEqualTo(1);
            assertThat(run.err()).contains("There is a subscription x already", "is another");
        }
    }

    private void there(String document) {
        server.on(
                "/api/v1/subscriptions/",
                (request, exchange) ->
                        (request.method().equals("PUT")
                                        ? FakeServer.json(412, "{\"title\":\"It exists\"}")
                                        : FakeServer.json(200, document))
                                .answer(request, exchange));
    }

    @Test
    void aWebhookIsLeftToTheServer() {
        CommandRun run =
                CommandRun.at(server)
                        .run(
                                "subscribe",
                                "/a/**",
                                "--webhook",
                                "https://example.com/hook",
                                "--name",
                                "hook");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("Subscription hook pushes to https://example.com/hook\n");
        assertThat(run.err())
                .contains(
                        "millrace subscriptions show hook",
                        "millrace dead-letters --subscription hook",
                        "millrace delete subscription hook");
        assertThat(asked()).containsExactly("PUT /api/v1/subscriptions/hook");
        assertThat(server.lastRequest().text())
                .isEqualTo(
                        "{\"pattern\":\"/a/**\",\"push\":{\"url\":\"https://example.com/hook\"}}");
    }
}

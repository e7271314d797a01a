package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `subscriptions`, `queues`, `schedules` and `explain`.
class GroupCommandsTest {
    private static final String ALARMS =
            "{\"kind\":\"Subscription\",\"name\":\"alarms\",\"state\":\"disabled\",\"reason\":\"410 Gone\","
                    + "\"waiting\":0,\"perSecond\":1.25,\"lastFailure\":\"HTTP 410\",\"ledger\":{\"accepted\":5000,"
                    + "\"pending\":234,\"unread\":1000,"
                    + "\"leased\":4,\"deadLettered\":2,\"oldestPending\":\"2026-03-01T11:58:59Z\"}}";
    private static final String ORDERS =
            "{\"kind\":\"Queue\",\"name\":\"orders\",\"state\":\"active\",\"waiting\":3,\"perSecond\":0,"
                    + "\"lastFailure\":null,\"ledger\":{\"pending\":10,\"leased\":1,\"delayed\":2,\"deferred\":3}}";

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private CommandRun run(String line) {
        return CommandRun.at(server).run(line.split(" "));
    }

    @Test
    void bothAreTables() {
        server.on(
                "/api/v1/ledger",
                FakeServer.json(200, "{\"items\":[" + ALARMS + "," + ORDERS + "]}"));
        assertThat(run("subscriptions").out())
                .isEqualTo(
                        """
                        NAME      LAG     AGE  LEASED   RATE  DEAD  STATE               LAST FAILURE
                        alarms  1,234  1m 01s       4  1.3/s     2  disabled: 410 Gone  HTTP 410
                        """);
        assertThat(run("queues").out())
                .isEqualTo(
                        """
                        NAME    DEPTH  READY  LEASED  AGE  WORKERS   RATE  DEAD  STATE
                        orders     10      4       1    -        3  0.0/s     0  active
                        """);
        assertThat(run("queues --output json").out()).isEqualTo(ORDERS + "\n");
        server.on("/api/v1/ledger", FakeServer.json(200, "{\"items\":[]}"));
        assertThat(run("subscriptions").err()).isEqualTo("There are no subscriptions.\n");
    }

    @Test
    void oneIsShownWhole() {
        server.on("/api/v1/subscriptions/alarms/status", FakeServer.json(200, ALARMS));
        assertThat(run("subscriptions show alarms").out())
                .contains(
                        "lastFailure           HTTP 410",
                        "ledger.accepted       5,000",
                        "perSecond             1.25");
        server.on("/api/v1/queues/orders/status", FakeServer.json(200, ORDERS));
        assertThat(run("queues show orders").out())
                .contains("ledger.delayed   2")
                .doesNotContain("lastFailure");
    }

    @Test
    void pauseResumeAndSeek() {
        server.on("/", FakeServer.answer(204, "text/plain", "", java.util.Map.of()));
        assertThat(run("subscriptions pause alarms other").out())
                .isEqualTo("Subscription alarms paused\nSubscription other paused\n");
        assertThat(server.requests())
                .extracting(FakeServer.Request::path)
                .containsExactly("/subscriptions/alarms/pause", "/subscriptions/other/pause");
        assertThat(run("queues resume orders --output json").out())
                .isEqualTo("{\"kind\":\"Queue\",\"name\":\"orders\",\"outcome\":\"resumed\"}\n");
        assertThat(server.lastRequest().path()).isEqualTo("/queues/orders/resume");
        assertThat(run("subscriptions seek alarms earliest").out())
                .isEqualTo("Subscription alarms goes on at earliest\n");
        assertThat(server.lastRequest().path()).isEqualTo("/subscriptions/alarms/seek");
        assertThat(server.lastRequest().text()).isEqualTo("{\"to\":\"earliest\"}");
        assertThat(run("queues cancel orders 4-17").out()).isEqualTo("Job 4-17 cancelled\n");
        assertThat(server.lastRequest().method()).isEqualTo("DELETE");
        assertThat(server.lastRequest().path()).isEqualTo("/queues/orders/jobs/4-17");
    }

    @Test
    void purgeAsksFirst() {
        server.on("/queues/orders/purge", FakeServer.json(200, "{\"purged\":1234}"));
        assertThat(run("queues purge orders").exitCode()).isEqualTo(2);
        CommandRun no =
                CommandRun.at(server)
                        .terminals(true, true, true)
                        .input("n\n")
                        .run("queues", "purge", "orders");
        assertThat(no.exitCode()).isEqualTo(1);
        assertThat(no.err()).contains("Throw away all jobs in queue orders", "Nothing was");
        assertThat(server.requests()).isEmpty();
        assertThat(run("queues purge orders --yes").out())
                .isEqualTo("Queue orders purged of 1,234 jobs\n");
    }

    @Test
    void schedulesTellNextAndLast() {
        server.on(
                "/api/v1/schedules",
                FakeServer.json(
                        200,
                        """
                        {"items":[{"kind":"Schedule","name":"nightly","cron":"30 2 * * *",
                        "timeZone":"Europe/Berlin","target":{"queue":"jobs"}},
                        {"kind":"Schedule","name":"gone","every":"15m","target":{"context":"/c"}}]}
                        """));
        server.on("/api/v1/schedules/gone/status", FakeServer.json(404, "{\"title\":\"gone\"}"));
        server.on(
                "/api/v1/schedules/nightly/status",
                FakeServer.json(
                        200,
                        "{\"name\":\"nightly\",\"next\":\"2026-03-02T01:30:00Z\",\"lastProblem\":\"full\"}"));
        assertThat(run("schedules").out())
                .isEqualTo(
                        """
                        NAME     WHEN                           TARGET      NEXT                  LAST  LAST PROBLEM
                        nightly  cron 30 2 * * * Europe/Berlin  queue jobs  2026-03-02T01:30:00Z  -     full
                        gone     every 15m                      /c          -                     -     -
                        """);
        assertThat(run("schedules --output json").out())
                .contains("\"name\":\"nightly\"", "\"cron\"", "\"next\":\"2026-03-02T01:30:00Z\"");
    }

    @Test
    void explainIsATree() {
        server.on(
                "/subscriptions/alarms/explain",
                FakeServer.json(
                        200,
                        """
                        {"wanted":false,"state":"Filtered.","why":{"path":"","matches":false,
                        "detail":"not all parts match","parts":[
                        {"path":"pattern","matches":true,"detail":"/a/** covers /a/b","parts":[]},
                        {"path":"filters","matches":false,"detail":"","parts":[
                        {"path":"filters[0].sql","matches":false,"detail":"level is 3\\u001b"}]}]}}
                        """));
        CommandRun run = run("explain alarms --position events/0/17");
        assertThat(run.out())
                .isEqualTo(
                        """
                        Subscription alarms does not want it. Filtered.
                        ✗ not all parts match
                        ├─ ✓ pattern: /a/** covers /a/b
                        └─ ✗ filters
                           └─ ✗ filters[0].sql: level is 3\\u001b
                        """);
        assertThat(server.lastRequest().text())
                .isEqualTo("{\"position\":{\"stream\":\"events\",\"partition\":0,\"offset\":17}}");
        CommandRun event =
                CommandRun.at(server)
                        .input("{\"id\":\"1\"}")
                        .terminals(false, true, false)
                        .run("explain", "alarms", "--event", "-", "--context", "/a/ö");
        assertThat(event.out()).contains("\u001b[31m✗", "\u001b[32m✓");
        assertThat(server.lastRequest().text()).isEqualTo("{\"id\":\"1\"}");
        assertThat(server.lastRequest().query()).isEqualTo("context=/a/%C3%B6");
        assertThat(server.lastRequest().headers())
                .containsEntry("content-type", "application/cloudevents+json");
        assertThat(run("explain alarms").exitCode()).isEqualTo(2);
        assertThat(run("explain alarms --position events/17").exitCode()).isEqualTo(2);
        assertThat(run("explain alarms --position events/0/1 --context /a").exitCode())
                .isEqualTo(2);
    }
}

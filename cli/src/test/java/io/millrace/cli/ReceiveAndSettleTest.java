package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `millrace receive` and `millrace settle`.
class ReceiveAndSettleTest {
    private static final String JOB =
            "{\"token\":\"a.b\",\"deadline\":\"2026-03-01T12:01:00Z\",\"deliveries\":2,"
                    + "\"failures\":1,\"number\":\"4-17\",\"recordedtime\":\"2026-03-01T12:00:00Z\","
                    + "\"context\":\"/queues/q\",\"event\":{\"specversion\":\"1.0\",\"id\":\"1\","
                    + "\"source\":\"/s\",\"type\":\"order\",\"data\":\"x\"}}";

    private final FakeServer server =
            new FakeServer()
                    .on("/queues/q/receive", FakeServer.json(200, "{\"leases\":[" + JOB + "]}"))
                    .on("/queues/q/settle", results("done"))
                    .on("/subscriptions/s/settle", results("done"));

    @AfterEach
    void stop() {
        server.close();
    }

    private static FakeServer.Handler results(String outcome) {
        return FakeServer.json(
                200,
                "{\"results\":[{\"token\":\"a.b\",\"outcome\":\""
                        + outcome
                        + "\",\"detail\":\"why\"}],\"refused\":1}");
    }

    private CommandRun run(String line) {
        return CommandRun.at(server).run(line.split(" "));
    }

    @Test
    void aLeaseIsShownWithWhatItTakesToSettleIt() {
        CommandRun run = run("receive q --queue --max 5 --wait 20s --lease 1m");
        assertThat(run.out())
                .isEqualTo(
                        """
                        2026-03-01 12:00:00.000 /queues/q order x
                          job 4-17, delivery 2, lease until 2026-03-01T12:01:00Z, token a.b
                        """);
        assertThat(server.lastRequest().query()).isEqualTo("max=5&wait=20s&lease=1m");
        assertThat(server.requests()).hasSize(1);
        assertThat(run("receive q --queue --output json").out()).isEqualTo(JOB + "\n");
        assertThat(server.lastRequest().query()).isEqualTo("max=1");
    }

    @Test
    void whatIsShownCanBeSettledAtOnce() {
        CommandRun run = run("receive q --queue --complete");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines()).containsExactly("2026-03-01 12:00:00.000 /queues/q order x");
        assertThat(server.lastRequest().text())
                .isEqualTo("{\"settlements\":[{\"token\":\"a.b\",\"action\":\"complete\"}]}");
        server.on("/queues/q/settle", results("lease-ended"));
        CommandRun late = run("receive q --queue --complete");
        assertThat(late.exitCode()).isEqualTo(1);
        assertThat(late.err()).isEqualTo("a.b lease-ended: why\n");
        assertThat(run("receive q --queue --delete").exitCode()).isZero();
        assertThat(server.lastRequest().query()).isEqualTo("max=1&mode=delete");
    }

    @Test
    void whatWasSetAsideIsFetchedByNumber() {
        server.on("/queues/q/deferred", FakeServer.json(200, "{\"leases\":[" + JOB + "]}"));
        CommandRun run = run("receive q --queue --lease 1m --deferred 4-17,4-18");
        assertThat(run.out()).contains("  job 4-17, delivery 2, lease until");
        assertThat(server.lastRequest().query()).isEqualTo("lease=1m");
        assertThat(server.lastRequest().text()).isEqualTo("{\"numbers\":[\"4-17\",\"4-18\"]}");
        String event = JOB.replace("4-17", "events-0-17");
        server.on(
                "/subscriptions/s/deferred", FakeServer.json(200, "{\"leases\":[" + event + "]}"));
        assertThat(run("receive s --deferred events-0-17").out()).contains("  event events-0-17, ");
        server.on("/subscriptions/s/deferred", FakeServer.json(200, "{\"leases\":[]}"));
        CommandRun none = run("receive s --deferred events-0-17 --ack");
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err()).isEqualTo("None of these is set aside.\n");
    }

    @Test
    void nothingIsNoFailure() {
        server.on("/subscriptions/s/receive", FakeServer.json(200, "{\"leases\":[]}"));
        CommandRun run = run("receive s --wait 1s --ack");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEqualTo("Nothing came in 1s.\n");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void everyActionIsSaidAsTheServerWantsIt() {
        settles("settle s a.b --complete", "\"action\":\"acknowledge\"");
        settles("settle q a.b --queue --ack", "\"action\":\"complete\"");
        settles("settle q a.b --queue --release", "\"action\":\"release\"");
        settles(
                "settle q a.b --queue --release --delay 10s --failed",
                "\"action\":\"release\",\"delay\":\"10s\",\"failed\":true");
        settles("settle s a.b --reject broken", "\"action\":\"reject\",\"reason\":\"broken\"");
        settles("settle s a.b --defer", "\"action\":\"defer\"");
        settles("settle s a.b --renew --lease 5m", "\"action\":\"renew\",\"lease\":\"5m\"");
    }

    private void settles(String line, String action) {
        CommandRun run = run(line);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("a.b done: why\n");
        assertThat(server.lastRequest().text())
                .isEqualTo("{\"settlements\":[{\"token\":\"a.b\"," + action + "}]}");
    }

    @Test
    void whatIsRefusedIsAFailure() {
        server.on("/subscriptions/s/settle", results("given-to-another"));
        CommandRun run = run("settle s a.b --complete");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("a.b given-to-another: why\n");
        CommandRun json = run("settle s a.b --complete --output json");
        assertThat(json.exitCode()).isEqualTo(1);
        assertThat(json.out()).startsWith("{\"token\":\"a.b\",\"outcome\":\"given-to-another\"");
        assertThat(json.err()).isEmpty();
    }

    @Test
    void tokensMayComeFromStandardInputInAnyNumber() {
        CommandRun run =
                CommandRun.at(server)
                        .input("a\n b \n\n".repeat(5_001))
                        .run("settle", "s", "-", "--complete");
        assertThat(run.exitCode()).isZero();
        assertThat(server.requests()).hasSize(2);
        assertThat(server.lastRequest().text())
                .isEqualTo(
                        "{\"settlements\":[{\"token\":\"a\",\"action\":\"acknowledge\"},"
                                + "{\"token\":\"b\",\"action\":\"acknowledge\"}]}");
        assertThat(CommandRun.at(server).run("settle", "s", "-", "--complete").err())
                .contains("no token on standard input");
    }

    @Test
    void contradictionsAreWrongUsage() {
        for (String line :
                List.of(
                        "settle s a",
                        "settle s --complete",
                        "settle s a --complete --defer",
                        "settle s a --complete --delay 5s",
                        "settle s a --release --delay soon",
                        "settle s a --defer --lease 5s",
                        "settle s a - --complete",
                        "receive s --delete",
                        "receive q --queue --delete --complete",
                        "receive s --max 0",
                        "receive s --deferred events-0-1 --wait 1s",
                        "receive s --wait long")) {
            CommandRun run = run(line);
            assertThat(run.exitCode()).as(line).isEqualTo(2);
            assertThat(run.err()).as(line).startsWith("millrace: ");
        }
        assertThat(server.requests()).isEmpty();
    }
}

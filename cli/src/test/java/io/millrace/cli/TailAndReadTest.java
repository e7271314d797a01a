package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `millrace tail` and `millrace read`, over connections that break.
class TailAndReadTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static String envelope(int n) {
        return "{\"context\":\"/org/room/4\",\"stream\":\"events\",\"partition\":0,\"offset\":"
                + n
                + ",\"recorded\":\"2026-03-01T12:00:00.123Z\",\"event\":{\"specversion\":\"1.0\",\"id\":\""
                + n
                + "\",\"source\":\"/s\",\"type\":\"reading\",\"data\":{\"n\":"
                + n
                + "}}}";
    }

    private static String sse(int n) {
        return String.join("\n", "id: events:" + (n + 1), "data: " + envelope(n), "", "");
    }

    @Test
    void tailShowsALineForEachEvent() {
        server.on("/tail/", FakeServer.events(": hello\n\n", sse(0), sse(1), sse(2)));
        CommandRun run = CommandRun.at(server).run("tail", "/org/*/**", "--max", "2");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "2026-03-01 12:00:00.123 /org/room/4 reading {\"n\":0}",
                        "2026-03-01 12:00:00.123 /org/room/4 reading {\"n\":1}");
        assertThat(server.lastRequest().path()).isEqualTo("/tail/org/*/**");
        assertThat(server.lastRequest().query()).isEqualTo("null");
    }

    /// Producers of Kafka mostly do not say of what type their records are.
    @Test
    void dataWithoutATypeIsShownAsTheTextThatItIs() {
        server.on(
                "/tail/",
                FakeServer.events(
                        untyped("{\"n\": 1.50}\n".getBytes(StandardCharsets.UTF_8)),
                        untyped("grün\t1".getBytes(StandardCharsets.UTF_8)),
                        untyped(new byte[] {'a', 0, 'b'}),
                        untyped(new byte[] {'a', (byte) 0xff})));
        CommandRun run = CommandRun.at(server).run("tail", "/**", "--max", "4");
        String head = "2026-03-01 12:00:00.123 /t io.millrace.kafka.record ";
        assertThat(run.out().lines())
                .containsExactly(
                        head + "{\"n\": 1.50}\\n",
                        head + "grün\\t1",
                        head + "<3 bytes of application/octet-stream>",
                        head + "<2 bytes of application/octet-stream>");
    }

    private static String untyped(byte[] data) {
        return "data: {\"context\":\"/t\",\"recorded\":\"2026-03-01T12:00:00.123Z\",\"event\":"
                + "{\"type\":\"io.millrace.kafka.record\","
                + "\"datacontenttype\":\"application/octet-stream\",\"data_base64\":\""
                + Base64.getEncoder().encodeToString(data)
                + "\"}}\n\n";
    }

    @Test
    void tailGoesOnAfterTheLastEventWhenTheConnectionBreaks() {
        server.on("/tail/", FakeServer.events(sse(2), sse(3)));
        // The third event is cut off in its middle, so it has not been seen.
        server.once(
                "/tail/",
                FakeServer.events(sse(0), sse(1), "id: events:3\ndata: {\"context\":\"/org"));
        server.once(
                "/tail/",
                FakeServer.problem(503, "{\"title\":\"Restarting\"}", Map.of("Retry-After", "7")));
        CommandRun run =
                CommandRun.at(server)
                        .run("tail", "/**", "--from", "first", "--max", "4", "--output", "json");
        assertThat(run.out().lines())
                .containsExactly(envelope(0), envelope(1), envelope(2), envelope(3));
        assertThat(run.err()).contains("connecting again", "Restarting", "connected again");
        List<FakeServer.Request> requests = server.requests();
        assertThat(requests).hasSize(3);
        assertThat(requests.get(0).query()).isEqualTo("from=first");
        assertThat(requests.get(0).headers()).doesNotContainKey("last-event-id");
        assertThat(requests.get(1).headers()).containsEntry("last-event-id", "events:2");
        assertThat(requests.get(2).headers()).containsEntry("last-event-id", "events:2");
        assertThat(run.time().pauses().get(1)).hasSeconds(7);
    }

    @Test
    void tailWaitsLongerAfterEachFailure() {
        server.on("/tail/", FakeServer.events(sse(0)));
        for (int i = 0; i < 6; i++) {
            server.once("/tail/", FakeServer.events());
        }
        CommandRun run = CommandRun.at(server).run("tail", "/a", "--max", "1");
        assertThat(run.time().pauses()).hasSize(6);
        assertThat(run.time().pauses().getLast())
                .isGreaterThan(run.time().pauses().getFirst().multipliedBy(8));
    }

    @Test
    void tailShowsWhyItWasCutOff() {
        server.on("/tail/", FakeServer.events(sse(1)));
        server.once(
                "/tail/",
                FakeServer.events(
                        sse(0),
                        "event: problem\ndata: {\"title\":\"Too slow\",\"code\":4004}\n\n"));
        CommandRun run = CommandRun.at(server).run("tail", "/a", "--max", "2");
        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.err()).contains("Too slow");
        assertThat(server.lastRequest().headers()).containsEntry("last-event-id", "events:1");
    }

    @Test
    void tailSaysWhenItCannotResume() {
        server.on("/tail/", FakeServer.events("data: " + envelope(1) + "\n\n"));
        server.once(
                "/tail/",
                (_, exchange) -> {
                    exchange.getResponseHeaders().add("Millrace-Resume", "none");
                    exchange.sendResponseHeaders(200, 0);
                });
        CommandRun run = CommandRun.at(server).run("tail", "/**", "--max", "1");
        assertThat(run.err()).contains("will be missing");
    }

    @Test
    void tailEndsWhenTheServerRefuses() {
        server.on("/tail/", FakeServer.problem(400, "{\"title\":\"No such thing\"}", Map.of()));
        CommandRun run = CommandRun.at(server).run("tail", "/a");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("No such thing");
        assertThat(CommandRun.at(server).run("tail", "/a/**/b").err()).contains("pattern: ");
    }

    @Test
    void tailEndsWithItsProcess() {
        CommandRun run = CommandRun.at(server);
        server.on(
                "/tail/",
                (_, exchange) -> {
                    run.time().stop();
                    exchange.sendResponseHeaders(200, 0);
                });
        run.run("tail", "/a");
        assertThat(run.exitCode()).isZero();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void linesAreSafeOnATerminal() {
        String evil =
                "{\"context\":\"/a\",\"event\":{\"type\":\"t\",\"time\":\"2015-02-04T17:51:00+01:00\","
                        + "\"data\":\"a\\u001b[2Jb\\nc "
                        + "x".repeat(200)
                        + "\"}}";
        server.on("/tail/", FakeServer.events("data: " + evil + "\n\n"));
        CommandRun run = CommandRun.at(server).run("tail", "/a", "--max", "1");
        assertThat(run.out())
                .startsWith("2015-02-04 16:51:00.000 /a t a\\u001b[2Jb\\nc xxx")
                .hasSizeGreaterThan(200);
        CommandRun terminal =
                CommandRun.at(server)
                        .terminals(true, true, true)
                        .environment("COLUMNS", "80")
                        .environment("NO_COLOR", "1")
                        .run("tail", "/a", "--max", "1");
        assertThat(terminal.out().strip()).hasSize(80).endsWith("…");
        CommandRun coloured =
                CommandRun.at(server).terminals(true, true, true).run("tail", "/a", "--max", "1");
        assertThat(coloured.out()).contains("\u001b[36m/a\u001b[0m").doesNotContain("\u001b[2J");
    }

    @Test
    void readPagesByPosition() {
        server.on("/streams/", page(List.of(2), "events:3", true));
        server.once("/streams/", page(List.of(0, 1), "events:2", false));
        server.once("/streams/", page(List.of(), "events:2.5", false));
        CommandRun run =
                CommandRun.at(server)
                        .run(
                                "read",
                                "events",
                                "--from",
                                "2026-03-01T10:00:00+01:00",
                                "--pattern",
                                "/org/**",
                                "--output",
                                "json");
        assertThat(run.out().lines()).containsExactly(envelope(0), envelope(1), envelope(2));
        assertThat(server.requests().stream().map(FakeServer.Request::query))
                .containsExactly(
                        "max=1000&from=2026-03-01T10:00:00%2B01:00&pattern=/org/**",
                        "max=1000&from=events:2&pattern=/org/**",
                        "max=1000&from=events:2.5&pattern=/org/**");
    }

    @Test
    void readStopsAtMax() {
        server.on("/streams/", page(List.of(0, 1), "events:2", false));
        CommandRun run =
                CommandRun.at(server).run("read", "events", "--partition", "0", "--max", "4");
        assertThat(run.out().lines()).hasSize(4);
        assertThat(server.requests().stream().map(FakeServer.Request::query))
                .containsExactly("max=4&partition=0", "max=2&from=events:2&partition=0");
    }

    @Test
    void readFollowsThroughFailures() {
        server.on("/streams/", page(List.of(2), "events:3", true));
        server.once("/streams/", page(List.of(0), "events:1", true));
        server.once("/streams/", page(List.of(1), "events:2", true));
        server.once("/streams/", FakeServer.problem(503, "{\"title\":\"Busy\"}", Map.of()));
        CommandRun run = CommandRun.at(server).run("read", "events", "--follow", "--max", "3");
        assertThat(run.out().lines()).hasSize(3);
        assertThat(run.err()).contains("Busy", "reading again");
        assertThat(server.requests().get(1).query()).isEqualTo("max=2&from=events:1&wait=30s");
        assertThat(server.requests().get(3).query()).isEqualTo("max=1&from=events:2&wait=30s");
    }

    @Test
    void readDoesNotWaitWithoutFollow() {
        server.on("/streams/", FakeServer.problem(503, "{\"title\":\"Busy\"}", Map.of()));
        CommandRun run = CommandRun.at(server).run("read", "events");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.time().pauses()).isEmpty();
    }

    private static FakeServer.Handler page(List<Integer> events, String position, boolean end) {
        StringBuilder lines = new StringBuilder();
        events.forEach(n -> lines.append(envelope(n)).append('\n'));
        return FakeServer.answer(
                200,
                "application/x-ndjson",
                lines.toString(),
                end
                        ? Map.of("Millrace-Position", position, "Millrace-End", "true")
                        : Map.of("Millrace-Position", position));
    }
}

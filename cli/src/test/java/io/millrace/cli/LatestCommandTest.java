package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `millrace latest`, page by page.
final class LatestCommandTest {
    private static final String LINES = "application/x-ndjson";

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static String envelope(int n) {
        return "{\"context\":\"/org/room/%d\",\"recorded\":\"2026-03-01T12:00:00.123Z\","
                        .formatted(n)
                + "\"event\":{\"id\":\"%d\",\"type\":\"reading\",\"data\":%d}}\n".formatted(n, n);
    }

    @Test
    void itFollowsTheLinksToTheEnd() {
        String next =
                "</latest/org/**?limit=10000&retained=true&after=%2Forg%2Froom%2F2>; rel=\"next\"";
        server.on(
                "/latest/",
                FakeServer.answer(200, LINES, envelope(3), Map.of("Millrace-End", "true")));
        server.once(
                "/latest/",
                FakeServer.answer(200, LINES, envelope(1) + envelope(2), Map.of("Link", next)));
        CommandRun run = CommandRun.at(server).run("latest", "/org/**", "--retained");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "2026-03-01 12:00:00.123 /org/room/1 reading 1",
                        "2026-03-01 12:00:00.123 /org/room/2 reading 2",
                        "2026-03-01 12:00:00.123 /org/room/3 reading 3");
        assertThat(server.requests()).hasSize(2);
        assertThat(server.requests().getFirst().path()).isEqualTo("/latest/org/**");
        assertThat(server.requests().getFirst().query()).isEqualTo("limit=10000&retained=true");
        assertThat(server.lastRequest().query()).contains("after=").contains("room");
    }

    @Test
    void itEndsAfterSoMany() {
        server.on("/latest/", FakeServer.answer(200, LINES, envelope(1) + envelope(2), Map.of()));
        CommandRun run =
                CommandRun.at(server)
                        .run("latest", "/org/room/1", "--max", "1", "--output", "json");
        assertThat(run.out()).isEqualTo(envelope(1));
        assertThat(server.lastRequest().query()).isEqualTo("limit=1");
        assertThat(CommandRun.at(server).run("latest", "org").exitCode()).isNotZero();
    }
}

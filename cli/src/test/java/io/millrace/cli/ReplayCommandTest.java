package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `millrace replay` against a server that is busy, away, fails, or is left in the middle.
class ReplayCommandTest {
    private static final int ROWS = 2600;

    private final FakeServer server = new FakeServer();
    private final StoredEvents stored = new StoredEvents();

    @TempDir private Path folder = Path.of("");

    @BeforeEach
    void readings() throws IOException {
        server.on("/events", stored);
        StringBuilder rows = new StringBuilder("date,room,celsius\n");
        for (int i = 1; i <= ROWS; i++) {
            rows.append(
                    "2026-03-01 12:%02d:%02d,%d,%d.5\n".formatted(i / 60 % 60, i % 60, i % 3, i));
        }
        Files.writeString(folder.resolve("readings.csv"), rows);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private CommandRun replay(String... more) {
        return replay(CommandRun.at(server), more);
    }

    private CommandRun replay(CommandRun run, String... more) {
        String[] args = new String[more.length + 4];
        args[0] = "replay";
        args[1] = "readings.csv";
        args[2] = "--context";
        args[3] = "/site/room/{room}";
        System.arraycopy(more, 0, args, 4, more.length);
        return run.folder(folder).run(args);
    }

    private static List<String> ids(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "readings.csv-" + i).toList();
    }

    @Test
    void everyRowBecomesAnEventInOrder() {
        CommandRun run = replay("--type", "reading/{room}", "--time-column", "date");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("published 2,600 rows of readings.csv in");
        assertThat(stored.ids()).isEqualTo(ids(1, ROWS));
        assertThat(stored.batches()).containsExactly(500, 500, 500, 500, 500, 100);
        StoredEvents.Stored first = stored.events().getFirst();
        assertThat(first.context()).isEqualTo("/site/room/1");
        assertThat(first.event().toString())
                .isEqualTo(
                        "{\"specversion\":\"1.0\",\"id\":\"readings.csv-1\","
                                + "\"source\":\"/site/room/1\",\"type\":\"reading/1\","
                                + "\"time\":\"2026-03-01T12:00:01Z\","
                                + "\"datacontenttype\":\"application/json\","
                                + "\"data\":{\"date\":\"2026-03-01 12:00:01\",\"room\":1,\"celsius\":1.5}}");
    }

    @Test
    void aRepeatedRunDoesNothing() {
        assertThat(replay().exitCode()).isZero();
        CommandRun again = replay();
        assertThat(again.exitCode()).isZero();
        assertThat(again.err()).contains("2,600 rows are published already");
        assertThat(again.out()).contains("nothing left to publish");
        assertThat(stored.ids()).hasSize(ROWS);
        assertThat(replay("--restart").out()).startsWith("published 2,600 rows");
        assertThat(stored.ids()).hasSize(2 * ROWS);
    }

    @Test
    void aSourceThatIsNoContextGoesByPath() {
        replay("--source", "urn:sensor", "--max-rows", "6");
        assertThat(stored.events())
                .extracting(StoredEvents.Stored::context)
                .containsExactly(
                        "/site/room/1",
                        "/site/room/2",
                        "/site/room/0",
                        "/site/room/1",
                        "/site/room/2",
                        "/site/room/0");
        assertThat(stored.ids()).isEqualTo(ids(1, 6));
        assertThat(server.lastRequest().path()).isEqualTo("/events/site/room/0");
    }

    @Test
    void aBusyServerIsAskedAgainWhenItSays() {
        server.once("/events", stored);
        server.once(
                "/events",
                FakeServer.problem(429, "{\"title\":\"Too busy\"}", Map.of("Retry-After", "3")));
        server.once("/events", FakeServer.problem(503, "{\"title\":\"Starting\"}", Map.of()));
        CommandRun run = replay();
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .contains("Too busy; sending rows 501 to 1000 again in 3.0s", "Starting");
        assertThat(run.time().pauses().getFirst()).isEqualTo(Duration.ofSeconds(3));
        assertThat(run.time().pauses()).hasSize(2);
        assertThat(stored.ids()).isEqualTo(ids(1, ROWS));
    }

    @Test
    void aBrokenConnectionIsMadeAgain() {
        server.once("/events", stored);
        server.once("/events", (_, _) -> {});
        CommandRun run = replay();
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).contains("sending rows 501 to 1000 again");
        assertThat(stored.ids()).isEqualTo(ids(1, ROWS));
    }

    @Test
    void itGivesUpWhenNobodyComesBack() {
        server.close();
        CommandRun run = replay("--retry-for", "1m");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("the connection was refused; sending rows 1 to 500 again");
        Duration waited = run.time().pauses().stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(waited).isBetween(Duration.ofSeconds(40), Duration.ofMinutes(1));
    }

    @Test
    void afterAFailureTheNextRunGoesOn() {
        server.once("/events", stored);
        server.once("/events", stored);
        server.once(
                "/events",
                FakeServer.problem(500, "{\"title\":\"Broken\",\"code\":9001}", Map.of()));
        CommandRun failed = replay();
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err()).contains("Broken");
        assertThat(stored.ids()).isEqualTo(ids(1, 1000));
        CommandRun next = replay();
        assertThat(next.exitCode()).isZero();
        assertThat(next.err())
                .contains("1,000 rows are published already", "going on with row 1,001");
        assertThat(next.out()).startsWith("published 1,600 rows");
        assertThat(stored.ids()).isEqualTo(ids(1, ROWS));
    }

    @Test
    void ctrlCStopsAfterTheBatchUnderWay() {
        CommandRun run = CommandRun.at(server);
        server.once("/events", stored);
        server.once(
                "/events",
                (request, exchange) -> {
                    run.time().stop();
                    stored.answer(request, exchange);
                });
        replay(run);
        assertThat(run.exitCode()).isEqualTo(130);
        assertThat(run.out()).contains("stopped after row 1,000");
        assertThat(stored.ids()).isEqualTo(ids(1, 1000));
        assertThat(replay().exitCode()).isZero();
        assertThat(stored.ids()).isEqualTo(ids(1, ROWS));
    }

    @Test
    void killedInTheMiddleEveryRowComesOnceInOrder() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch dead = new CountDownLatch(1);
        server.once("/events", stored);
        server.once("/events", stored);
        server.once(
                "/events",
                (_, _) -> {
                    reached.countDown();
                    awaitUninterrupted(dead);
                });
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process =
                new ProcessBuilder(
                                java.toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "io.millrace.cli.Main",
                                "replay",
                                "readings.csv",
                                "--context",
                                "/site/room/{room}",
                                "--server",
                                server.address())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("out.txt").toFile())
                        .start();
        try {
            reached.await();
        } finally {
            process.destroyForcibly().waitFor();
            dead.countDown();
        }
        assertThat(stored.ids()).isEqualTo(ids(1, 1000));
        CommandRun next = replay();
        assertThat(next.exitCode()).as(next.err()).isZero();
        assertThat(next.err()).contains("1,000 rows are published already");
        assertThat(stored.ids()).isEqualTo(ids(1, ROWS));
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aServerThatTakesLessGetsLess() {
        server.on(
                "/events",
                (request, exchange) -> {
                    boolean small = request.text().split("specversion", -1).length - 1 <= 130;
                    (small
                                    ? stored
                                    : FakeServer.problem(
                                            400,
                                            "{\"title\":\"Too large\",\"code\":1008}",
                                            Map.of()))
                            .answer(request, exchange);
                });
        CommandRun run = replay();
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(stored.ids()).isEqualTo(ids(1, ROWS));
        assertThat(stored.batches()).allMatch(size -> size <= 130);
    }

    @Test
    void largeRowsMakeSmallBatches() throws IOException {
        StringBuilder rows = new StringBuilder("a,b\n");
        for (int i = 0; i < 10; i++) {
            rows.append(i).append(',').append("x".repeat(200_000)).append('\n');
        }
        Files.writeString(folder.resolve("large.csv"), rows);
        CommandRun run =
                CommandRun.at(server).folder(folder).run("replay", "large.csv", "--context", "/a");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(stored.batches()).containsExactly(2, 2, 2, 2, 2);
    }

    @Test
    void theStateIsBoundToTheFileAndTheOptions() throws IOException {
        assertThat(replay("--max-rows", "700").exitCode()).isZero();
        CommandRun other = replay("--type", "other");
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err())
                .contains("--type was row", "is other now, after 700 rows", "--restart");
        try (FakeServer elsewhere = new FakeServer()) {
            assertThat(replay("--server", elsewhere.address()).err()).contains("--server was");
        }
        Files.writeString(
                folder.resolve("readings.csv"), "x,2,3\n", java.nio.file.StandardOpenOption.APPEND);
        CommandRun changed = replay();
        assertThat(changed.exitCode()).isEqualTo(2);
        assertThat(changed.err()).contains("The file has changed", "--restart");
        assertThat(stored.ids()).hasSize(700);
        CommandRun elsewhere = replay("--state", "elsewhere.state", "--max-rows", "1");
        assertThat(elsewhere.exitCode()).isZero();
        assertThat(folder.resolve("elsewhere.state")).exists();
        Files.writeString(folder.resolve("elsewhere.state"), "{\"acknow");
        assertThat(replay("--state", "elsewhere.state").err())
                .contains("is not the state of a replay");
    }

    @Test
    void thePaceIsThatOfTheTimes() {
        CommandRun run = replay("--time-column", "date", "--speed", "10", "--max-rows", "4");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.time().pauses()).containsOnly(Duration.ofMillis(100)).hasSize(3);
        assertThat(stored.batches()).containsExactly(1, 1, 1, 1);
        CommandRun original =
                replay(
                        "--time-column",
                        "date",
                        "--speed",
                        "original",
                        "--restart",
                        "--max-rows",
                        "2");
        assertThat(original.time().pauses()).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void timesShiftToNowAndStayShiftedInTheNextRun() {
        String[] options = {"--time-column", "date", "--shift-to-now", "--max-rows", "500"};
        assertThat(replay(options).exitCode()).isZero();
        CommandRun later = CommandRun.at(server);
        later.time().pause(Duration.ofHours(1));
        assertThat(replay(later, options).exitCode()).isZero();
        assertThat(stored.events().get(0).event().path("time").asString())
                .isEqualTo("2026-03-01T12:00:00Z");
        assertThat(stored.events().get(500).event().path("time").asString())
                .isEqualTo("2026-03-01T12:08:20Z");
    }

    @Test
    void progressIsABarOnATerminal() {
        CommandRun run = CommandRun.at(server).terminals(false, false, true);
        server.on(
                "/events",
                (request, exchange) -> {
                    run.time().pause(Duration.ofSeconds(1));
                    stored.answer(request, exchange);
                });
        replay(run);
        assertThat(run.err())
                .contains("█", "░", "500 rows   19%  500 rows/s  4.", "100%")
                .endsWith("\r\u001b[2K");
        CommandRun lines = CommandRun.at(server);
        server.on(
                "/events",
                (request, exchange) -> {
                    lines.time().pause(Duration.ofSeconds(3));
                    stored.answer(request, exchange);
                });
        replay(lines, "--restart");
        assertThat(lines.err().lines()).hasSize(3).allMatch(line -> line.contains("rows/s"));
        assertThat(lines.err()).doesNotContain("\u001b");
    }

    @Test
    void jsonOutputTellsTheResult() {
        assertThat(replay("--output", "json", "--max-rows", "7").out())
                .contains("\"rows\":7", "\"lastRow\":7", "\"stopped\":false");
    }

    @Test
    void dryRunPublishesNothingAndNeedsNoServer() {
        server.close();
        CommandRun run = replay("--dry-run");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines()).hasSize(5);
        assertThat(run.out()).startsWith("{\"context\":\"/site/room/1\",\"event\":{");
        assertThat(run.err()).contains("2,600 rows would be published to 3 contexts.");
        assertThat(folder.resolve("readings.csv.millrace-replay")).doesNotExist();
    }

    @Test
    void wrongOptionsAreRefusedBeforeAnythingHappens() {
        List<List<String>> wrong =
                List.of(
                        List.of("--type", "{rom}"),
                        List.of("--data", "celsius,colour"),
                        List.of("--time-column", "time"),
                        List.of("--speed", "60"),
                        List.of("--speed", "fast", "--time-column", "date"),
                        List.of("--speed", "0", "--time-column", "date"),
                        List.of("--shift-to-now"),
                        List.of("--zone", "Mars", "--time-column", "date"),
                        List.of("--time-format", "bbb{", "--time-column", "date"),
                        List.of("--raw", "--data", "a"),
                        List.of("--retry-for", "soon"),
                        List.of("--max-rows", "0"),
                        List.of("--format", "xml"));
        for (List<String> options : wrong) {
            CommandRun run = replay(options.toArray(String[]::new));
            assertThat(run.exitCode()).as("%s: %s", options, run.err()).isEqualTo(2);
        }
        assertThat(replay("--type", "{rom}").err())
                .contains("--type: there is no column {rom}", "date, room, celsius", "{row}");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aBadRowStopsAfterTheGoodOnes() throws IOException {
        Files.writeString(folder.resolve("bad.csv"), "a,b\n1,2\n3,4\n5\n7,8\n");
        CommandRun run =
                CommandRun.at(server).folder(folder).run("replay", "bad.csv", "--context", "/x");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains("bad.csv, row 3 (line 4) has 1 values, but there are 2 columns: a, b");
        assertThat(stored.ids()).isEmpty();
    }
}

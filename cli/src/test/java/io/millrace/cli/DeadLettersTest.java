package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `millrace dead-letters`, with 250 letters on two pages.
class DeadLettersTest {
    private final FakeServer server = new FakeServer();

    @BeforeEach
    void fill() {
        server.on("/dead-letters", FakeServer.json(200, page(200, 250, "")));
        server.once("/dead-letters", FakeServer.json(200, page(0, 200, "n2")));
        server.on("/dead-letters/resubmit", done(100));
        server.on("/dead-letters/discard", done(1));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static FakeServer.Handler done(int count, String... problems) {
        String all = problems.length == 0 ? "" : "\"" + String.join("\",\"", problems) + "\"";
        return FakeServer.json(200, "{\"done\":" + count + ",\"problems\":[" + all + "]}");
    }

    private static String letter(int n) {
        return "{\"id\":\"L"
                + n
                + "\",\"kind\":\"Queue\",\"name\":\"orders\",\"reason\":\"rejected\",\"detail\":\"no\\u001b\","
                + "\"attempts\":3,\"last\":\"2026-03-01T11:00:00Z\",\"event\":{\"type\":\"order\"}}";
    }

    private static String page(int from, int to, String next) {
        return IntStream.range(from, to)
                        .mapToObj(DeadLettersTest::letter)
                        .collect(Collectors.joining(",", "{\"letters\":[", "]"))
                + (next.isEmpty() ? "}" : ",\"next\":\"" + next + "\"}");
    }

    private CommandRun run(String line) {
        return CommandRun.at(server).run(line.split(" "));
    }

    private List<FakeServer.Request> posts() {
        return server.requests().stream().filter(r -> r.method().equals("POST")).toList();
    }

    @Test
    void theListSaysWhatAndWhy() {
        CommandRun run = run("dead-letters --queue orders --since 2h --type a.* --max 2");
        assertThat(run.out())
                .isEqualTo(
                        """
                        ID  GIVEN UP              BY            REASON    ATTEMPTS  TYPE   DETAIL
                        L0  2026-03-01T11:00:00Z  queue orders  rejected         3  order  no\\u001b
                        L1  2026-03-01T11:00:00Z  queue orders  rejected         3  order  no\\u001b
                        """);
        assertThat(run.err()).isEqualTo("There are more; --max shows them.\n");
        assertThat(server.lastRequest().query())
                .isEqualTo("max=200&kind=Queue&name=orders&since=2026-03-01T10:00:00Z&type=a.*");
    }

    @Test
    void pagesFollowOneAnother() {
        CommandRun run = run("dead-letters list --max 1000 --output json");
        assertThat(run.out().lines()).hasSize(250);
        assertThat(run.err()).isEmpty();
        assertThat(server.requests())
                .extracting(FakeServer.Request::query)
                .containsExactly("max=200", "max=200&after=n2");
        server.on("/dead-letters", FakeServer.json(200, "{\"letters\":[]}"));
        assertThat(run("dead-letters --text x --reason expired").err())
                .isEqualTo("There are no such dead letters.\n");
        assertThat(run("dead-letters --queue a --subscription b").exitCode()).isEqualTo(2);
    }

    @Test
    void oneIsShownWhole() {
        server.on("/dead-letters/L7", FakeServer.json(200, letter(7)));
        assertThat(run("dead-letters show L7").out())
                .contains("attempts  3", "detail    no\\u001b", "\"type\" : \"order\"");
        assertThat(run("dead-letters show L7 --output json").out()).contains("\"id\":\"L7\"");
    }

    @Test
    void allAreCountedConfirmedAndSentInParts() {
        server.once("/dead-letters/resubmit", done(100));
        server.once("/dead-letters/resubmit", done(100));
        server.once("/dead-letters/resubmit", done(49, "L201 is gone"));
        CommandRun run = CommandRun.at(server).terminals(true, true, true).input("y\n");
        run.run("dead-letters", "resubmit", "--queue", "orders");
        assertThat(run.err()).contains("Send again 250 dead letters? [y/N]", "L201 is gone");
        assertThat(run.out()).isEqualTo("sent again 249 of 250 dead letters\n");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(posts()).hasSize(3);
        assertThat(posts().getFirst().text()).startsWith("{\"ids\":[\"L0\",\"L1\",");
        assertThat(posts().getLast().text()).contains("\"L249\"]}");
    }

    @Test
    void longWorkShowsHowFarItIs() {
        CommandRun run = CommandRun.at(server);
        server.on(
                "/dead-letters/resubmit",
                (request, exchange) -> {
                    run.time().pause(Duration.ofSeconds(6));
                    done(100).answer(request, exchange);
                });
        run.run("dead-letters", "resubmit", "--all", "--yes");
        assertThat(run.err()).contains("sent again 100 of 250\n", "sent again 200 of 250\n");
    }

    @Test
    void thePaceIsLeftToTheServer() {
        server.on("/dead-letters/resubmit", done(250));
        CommandRun run =
                CommandRun.at(server)
                        .run(
                                "dead-letters",
                                "resubmit",
                                "--all",
                                "--yes",
                                "--rate",
                                "5",
                                "--delay",
                                "10s",
                                "--transform",
                                "$");
        assertThat(run.exitCode()).isZero();
        assertThat(posts()).hasSize(1);
        assertThat(server.lastRequest().text())
                .contains(",\"L249\"],\"transform\":\"$\",\"perSecond\":5.0,\"delay\":\"10s\"}");
        assertThat(run.err()).contains("The server goes on with them");
    }

    @Test
    void oneCanBeCorrectedByHand(@TempDir Path folder) throws IOException {
        server.on("/dead-letters/resubmit", done(1));
        Files.writeString(folder.resolve("event.json"), "{\"id\":\"new\"}");
        CommandRun run =
                CommandRun.at(server)
                        .folder(folder)
                        .run("dead-letters", "resubmit", "L5", "--event", "event.json");
        assertThat(run.out()).isEqualTo("sent again 1 dead letter\n");
        assertThat(server.requests()).hasSize(1);
        assertThat(server.lastRequest().text())
                .isEqualTo("{\"ids\":[\"L5\"],\"event\":{\"id\":\"new\"}}");
    }

    @Test
    void discardingNeedsAReason() {
        assertThat(run("dead-letters discard L1").exitCode()).isEqualTo(2);
        CommandRun run = run("dead-letters discard L1 --because old --output json");
        assertThat(run.out()).isEqualTo("{\"done\":1,\"problems\":[]}\n");
        assertThat(server.lastRequest().text()).isEqualTo("{\"ids\":[\"L1\"],\"reason\":\"old\"}");
    }

    @Test
    void noLetterIsTouchedByMistake() {
        for (String line :
                List.of(
                        "dead-letters resubmit",
                        "dead-letters resubmit L1 --all",
                        "dead-letters resubmit L1 L2 --event f",
                        "dead-letters resubmit --all --rate 0",
                        "dead-letters resubmit --all --delay soon",
                        "dead-letters discard --because x",
                        "dead-letters discard --all --because x")) {
            assertThat(run(line).exitCode()).as(line).isEqualTo(2);
        }
        assertThat(posts()).isEmpty();
        CommandRun no =
                CommandRun.at(server)
                        .terminals(true, false, true)
                        .input("\n")
                        .run("dead-letters", "discard", "--all", "--because", "x");
        assertThat(no.exitCode()).isEqualTo(1);
        assertThat(posts()).isEmpty();
    }
}

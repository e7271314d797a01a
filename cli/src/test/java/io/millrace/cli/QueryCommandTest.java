package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `query`.
class QueryCommandTest {
    private static final String COLUMNS =
            "{\"columns\":[{\"name\":\"floor\",\"type\":\"STRING\"},{\"name\":\"n\",\"type\":\"BIGINT\"}]}\n";
    private static final String END = "{\"end\":true}\n";
    private static final String PROBLEM =
            "{\"type\":\"https://millrace.dev/problems/invalid-query\",\"title\":\"The query cannot be run\","
                    + "\"status\":422,\"code\":8003,\"detail\":\"sql: line 2, column 7: no table t\",\"errors\":["
                    + "{\"code\":8003,\"field\":\"sql\",\"detail\":\"line 2, column 7: no table t\"}]}";

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static String row(String op, String floor, int n) {
        return "{\"op\":\"%s\",\"row\":{\"floor\":\"%s\",\"n\":%d}}\n".formatted(op, floor, n);
    }

    private void answers(String... lines) {
        server.on(
                "/api/v1/query/run",
                FakeServer.answer(200, "application/x-ndjson", String.join("", lines), Map.of()));
    }

    private CommandRun run(String... args) {
        return run(new CommandRun(), args);
    }

    private CommandRun run(CommandRun run, String... args) {
        List<String> all = new ArrayList<>(List.of("query"));
        all.addAll(List.of(args));
        return run.environment("MILLRACE_SERVER", server.address()).run(all.toArray(String[]::new));
    }

    @Test
    void rowsThatAreOnlyAddedAreATable() {
        answers(
                "{\"progress\":\"starting the query engine\"}\n",
                COLUMNS,
                row("+I", "3", 10),
                "\n",
                row("+I", "cellar\\u001b", 7),
                END);
        CommandRun run = run("SELECT 1");
        assertThat(run.out())
                .isEqualTo(
                        """
                        floor          n
                        3             10
                        cellar\\u001b   7
                        """);
        assertThat(run.err()).isEqualTo("starting the query engine ...\n");
        assertThat(run.exitCode()).isZero();
        assertThat(server.lastRequest().text())
                .isEqualTo("{\"sql\":\"SELECT 1\",\"inputs\":{},\"start\":\"earliest\"}");
    }

    @Test
    void changesHaveTheirKindBeforeThem() {
        answers(COLUMNS, row("+I", "3", 1), row("-U", "3", 1), row("+U", "3", 12), END);
        assertThat(run("SELECT 1").out())
                .isEqualTo(
                        """
                        OP  floor   n
                        +I  3       1
                        -U  3       1
                        +U  3      12
                        """);
    }

    @Test
    void everyOptionIsSaid() {
        answers(END);
        run(
                "SELECT 1",
                "--input",
                "climate=/org/*/climate",
                "--input",
                "zones=events",
                "--start",
                "latest",
                "--until",
                "now",
                "--max",
                "5",
                "--delay",
                "3s");
        assertThat(server.lastRequest().text())
                .isEqualTo(
                        "{\"sql\":\"SELECT 1\",\"inputs\":{\"climate\":{\"pattern\":\"/org/*/climate\"},"
                                + "\"zones\":{\"stream\":\"events\"}},\"start\":\"latest\","
                                + "\"eventTime\":{\"delay\":\"3s\"},\"until\":\"now\",\"max\":5}");
    }

    @Test
    void wrongUsage(@TempDir Path folder) {
        for (String[] args :
                List.of(
                        new String[] {},
                        new String[] {"S", "-f", "x"},
                        new String[] {"S", "--input", "climate"},
                        new String[] {"S", "--input", "a=/a", "--input", "a=/b"},
                        new String[] {"S", "--follow", "--until", "now"},
                        new String[] {"S", "--max", "0"},
                        new String[] {"S", "--delay", "3"},
                        new String[] {"S", "--output", "yaml"},
                        new String[] {"S", "--explain", "--output", "csv"})) {
            assertThat(run(args).exitCode()).as(String.join(" ", args)).isEqualTo(2);
        }
        assertThat(run(new CommandRun().folder(folder), "-f", "none.sql").exitCode()).isOne();
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void theStatementFromAFile(@TempDir Path folder) throws Exception {
        answers(END);
        Files.writeString(folder.resolve("a.sql"), "SELECT 'ö'\nFROM t\n");
        assertThat(run(new CommandRun().folder(folder), "-f", "a.sql").exitCode()).isZero();
        assertThat(server.lastRequest().text()).contains("\"sql\":\"SELECT 'ö'\\nFROM t\\n\"");
        assertThat(run(new CommandRun().input("SELECT 2"), "-f", "-").exitCode()).isZero();
        assertThat(server.lastRequest().text()).contains("\"sql\":\"SELECT 2\"");
    }

    @Test
    void jsonIsWhatTheServerSends() {
        answers(COLUMNS, row("+I", "3", 1), row("-D", "3", 1), END);
        assertThat(run("S", "--output", "json").out())
                .isEqualTo(row("+I", "3", 1) + row("-D", "3", 1));
    }

    @Test
    void csvHasTheKindOfChangeFirst() {
        answers(
                COLUMNS,
                "{\"op\":\"+I\",\"row\":{\"floor\":\"a \\\"b\\\", c\",\"n\":null}}\n",
                "{\"op\":\"+I\",\"row\":{\"floor\":\"\",\"n\":1.50}}\n",
                END);
        assertThat(run("S", "--output", "csv").out())
                .isEqualTo(
                        """
                        op,floor,n
                        +I,"a ""b"", c",
                        +I,"",1.50
                        """);
    }

    private CommandRun terminal(String lines) {
        return run(
                new CommandRun()
                        .terminals(true, true, true)
                        .environment("NO_COLOR", "1")
                        .environment("LINES", lines)
                        .environment("COLUMNS", "12"),
                "S");
    }

    /// What a terminal shows in the end of what was drawn over and over.
    private static String shown(String out) {
        List<String> screen = new ArrayList<>();
        int cursor = 0;
        for (String line : out.split("\n", -1)) {
            var up = java.util.regex.Pattern.compile("\u001b\\[(\\d+)A\r\u001b\\[J").matcher(line);
            String text = line;
            if (up.find()) {
                cursor -= Integer.parseInt(up.group(1));
                screen.subList(cursor, screen.size()).clear();
                text = line.substring(up.end());
            }
            screen.add(text);
            cursor++;
        }
        return String.join("\n", screen);
    }

    @Test
    void onATerminalTheTableIsDrawnInItsPlace() {
        answers(
                COLUMNS,
                row("+I", "3", 1),
                row("+I", "4", 7),
                row("-U", "3", 1),
                row("+U", "3", 1000000),
                row("+I", "9", 1),
                row("-D", "9", 1),
                END);
        assertThat(shown(terminal("24").out()))
                .isEqualTo(
                        """
                        floor      …
                        3      1000…
                        4          …
                        """);
    }

    @Test
    void whatDoesNotFitIsAppended() {
        answers(
                COLUMNS,
                row("+I", "1", 1),
                row("+I", "2", 2),
                row("+I", "3", 3),
                row("-U", "1", 1),
                row("+U", "1", 2),
                END);
        assertThat(shown(terminal("4").out()))
                .isEqualTo(
                        """
                        floor  n
                        1      1
                        2      2
                        OP  floor  n
                        +I  3      3
                        -U  1      1
                        +U  1      2
                        """);
    }

    @Test
    void whatIsWrongIsShownUnderItsLine() {
        server.on("/api/v1/query/run", FakeServer.problem(422, PROBLEM, Map.of()));
        String expected =
                """
                  sql: line 2, column 7: no table t
                    2 |  FROM t
                              ^
                """;
        CommandRun refused = run("SELECT 1\n\tFROM t");
        assertThat(refused.exitCode()).isOne();
        assertThat(refused.err())
                .isEqualTo("millrace: The query cannot be run (HTTP 422, code 8003)\n" + expected);
        answers(COLUMNS, row("+I", "3", 1), "{\"error\":" + PROBLEM + "}\n");
        CommandRun late = run("SELECT 1\n\tFROM t");
        assertThat(late.exitCode()).isOne();
        assertThat(late.out()).contains("3      1\n");
        assertThat(late.err())
                .isEqualTo(
                        "millrace: The query cannot be run (the server, code 8003)\n" + expected);
        assertThat(run("SELECT 1", "--output", "json").err()).isEqualTo(PROBLEM + "\n");
        assertThat(run("SELECT 1").err()).as("a line that is not there").doesNotContain("^");
    }

    @Test
    void whatIsNoJsonIsNoResult() {
        answers("<html>\n");
        assertThat(run("S").err())
                .isEqualTo("millrace: The answer is not JSON. Is the server a Millrace?\n");
    }

    @Test
    void aConnectionThatEndsTooSoonIsAFailure() {
        answers(COLUMNS, row("+I", "3", 1));
        CommandRun run = run("S");
        assertThat(run.exitCode()).isOne();
        assertThat(run.out()).contains("3      1\n");
        assertThat(run.err()).isEqualTo("millrace: The server ended the connection.\n");
    }

    @Test
    void ctrlCEndsItWell() {
        CommandRun run = new CommandRun();
        server.on(
                "/api/v1/query/run",
                (_, exchange) -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody()
                            .write(
                                    (COLUMNS + row("+I", "3", 1))
                                            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    exchange.getResponseBody().flush();
                    run.time().stop();
                    while (true) {
                        try {
                            // Until the client has gone.
                            exchange.getResponseBody().write('\n');
                            exchange.getResponseBody().flush();
                        } catch (java.io.IOException _) {
                            return;
                        }
                    }
                });
        assertThat(run(run, "S").exitCode()).isZero();
        assertThat(run.err()).isEmpty();
    }

    private static final String EXPLANATION =
            """
            {"columns":[{"name":"floor","type":"STRING"},{"name":"n","type":"BIGINT"}],"changes":"upsert",\
            "key":["floor"],"warnings":["the state grows for ever"],"plan":{"nodes":[\
            {"id":"a","name":"Source: t","parallelism":1},{"id":"b","name":"Source: u","parallelism":2},\
            {"id":"c","name":"Join","parallelism":1},{"id":"d","name":"Sink","parallelism":1}],"edges":[\
            {"from":"a","to":"c","ship":"HASH"},{"from":"b","to":"c","ship":"HASH"},\
            {"from":"c","to":"d","ship":"FORWARD"}]},"text":"in words","state":"new",\
            "sample":[{"floor":"3","n":12}]}\
            """;

    @Test
    void explained() {
        server.on("/api/v1/query/explain", FakeServer.json(200, EXPLANATION));
        assertThat(run("S", "--explain").out())
                .isEqualTo(
                        """
                        COLUMN  TYPE
                        floor   STRING
                        n       BIGINT

                        Rows are changed later, by floor.
                        ! the state grows for ever

                        Sink
                        └─ Join
                           ├─ Source: t  → HASH
                           └─ Source: u ×2  → HASH
                        """);
        assertThat(server.lastRequest().text())
                .isEqualTo("{\"sql\":\"S\",\"inputs\":{},\"start\":\"earliest\"}");
        assertThat(run("S", "--explain", "--output", "json").out())
                .isEqualTo(EXPLANATION.strip() + "\n");
        server.on("/api/v1/query/explain", FakeServer.json(200, "{\"text\":\"in\\nwords\"}"));
        assertThat(run("S", "--explain").out()).endsWith("\nin\nwords\n");
    }

    @Test
    void triedOnSamples() {
        server.on("/api/v1/query/explain", FakeServer.json(200, EXPLANATION));
        assertThat(run("S", "--dry-run").out())
                .isEqualTo(
                        """
                        ! the state grows for ever
                        floor   n
                        3      12
                        """);
        assertThat(run("S", "--dry-run", "--explain").out())
                .contains("COLUMN", "└─ Join", "3      12");
        server.on("/api/v1/query/explain", FakeServer.json(200, "{\"sample\":[]}"));
        assertThat(run("S", "--dry-run").err())
                .isEqualTo("The statement is right. It gives no rows for the events sampled.\n");
    }
}

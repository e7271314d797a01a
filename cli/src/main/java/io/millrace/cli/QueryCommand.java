package io.millrace.cli;

import io.millrace.cli.http.Api;
import io.millrace.cli.http.ServerProblem;
import io.millrace.cli.input.DataArgument;
import io.millrace.cli.input.DurationText;
import io.millrace.cli.input.Utf8Text;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.process.Surroundings;
import io.millrace.cli.query.AppendedRows;
import io.millrace.cli.query.CsvResult;
import io.millrace.cli.query.InputArgument;
import io.millrace.cli.query.JsonResult;
import io.millrace.cli.query.LineFollower;
import io.millrace.cli.query.LiveTable;
import io.millrace.cli.query.ResultColumns;
import io.millrace.cli.query.ResultWriter;
import io.millrace.cli.query.SqlExcerpt;
import io.millrace.cli.text.Visible;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `millrace query`: a statement that is run once and looked at.
@Command(
        name = "query",
        description = {
            "Runs an SQL statement over what is stored and then over what comes, until Ctrl-C.",
            "On a terminal the result is a table that is drawn anew as it changes. Elsewhere every "
                    + "change is a line, from its first change on with what it does: +I and +U "
                    + "bring a row, -U and -D take one away. Nothing is set up: for a query that "
                    + "goes on, apply a document of kind Query."
        },
        footer = {
            "  millrace query 'SELECT * FROM `/org/contoso/**`' --until now --max 20",
            "  millrace query 'SELECT type, COUNT(*) AS n FROM events GROUP BY type'",
            "  millrace query -f average.sql --input climate='/org/*/climate' --start latest",
            "  millrace query -f average.sql --input climate='/org/*/climate' --explain",
            "  millrace query 'SELECT * FROM events' --until now --output csv > events.csv",
        })
final class QueryCommand implements Callable<Integer> {
    private final Millrace millrace;

    @Parameters(arity = "0..1", paramLabel = "SQL", description = "The statement. Quote it.")
    private @Nullable String statement;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE|-",
            description = "Read the statement from a file or standard input.")
    private @Nullable String file;

    @Option(
            names = "--input",
            paramLabel = "NAME=PATTERN",
            description =
                    "A table: the events of a context pattern, or of a stream by its name. May be "
                            + "repeated. FROM can also name a stream, or a pattern in backticks.")
    private List<String> inputs = List.of();

    @Option(
            names = "--start",
            paramLabel = "WHERE",
            description = "earliest, latest, or a time. Default: earliest.")
    private String start = "earliest";

    @Option(
            names = "--until",
            paramLabel = "WHEN",
            description = "now or a time: end when all that was recorded before has been read.")
    private @Nullable String until;

    @Option(names = "--follow", description = "Stay for what comes; so it is without --until.")
    private boolean follow;

    @Option(names = "--max", paramLabel = "N", description = "End after so many changes.")
    private long max = Long.MAX_VALUE;

    @Option(
            names = "--delay",
            paramLabel = "DURATION",
            description = "How much later than a younger one an event may come. Default: 1s.")
    private @Nullable String delay;

    @Option(
            names = "--explain",
            description = "Do not run it: show its columns, its plan and what to know before.")
    private boolean explain;

    @Option(
            names = "--dry-run",
            description = "Do not run it: check it, and show rows that it gives for samples.")
    private boolean dryRun;

    QueryCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        String sql = sql();
        try (Api api = millrace.api()) {
            if (explain || dryRun) {
                new QueryExplanation(millrace, explain, dryRun)
                        .print(api.send(request(api, "explain", sql)).json(millrace.json()));
                return CommandFailure.OK;
            }
            return run(api, sql);
        } catch (ServerProblem problem) {
            return failed(sql, problem.document(), "HTTP " + problem.status());
        }
    }

    private void check() {
        EnvelopePrinter.requireMax(max);
        if (follow && until != null) {
            throw CommandFailure.usage("--follow has no end, and --until is one.");
        }
        if (millrace.output() == OutputFormat.YAML
                || (millrace.output() == OutputFormat.CSV && (explain || dryRun))) {
            throw CommandFailure.usage("--output: try table or json here.");
        }
    }

    private String sql() throws IOException {
        if ((statement == null) == (file == null)) {
            throw CommandFailure.usage(
                    "Which statement? Give it in quotes, or a file with -f, one of them.");
        }
        if (file == null) {
            return String.valueOf(statement);
        }
        String argument = file.equals("-") ? file : "@" + file;
        return Utf8Text.decode(DataArgument.read(argument, millrace.surroundings()), file);
    }

    private HttpRequest request(Api api, String action, String sql) {
        ObjectNode body = millrace.json().object().put("sql", sql);
        ObjectNode tables = body.putObject("inputs");
        inputs.forEach(input -> InputArgument.addTo(tables, input));
        body.put("start", start);
        if (delay != null) {
            DurationText.parse("--delay", delay);
            body.putObject("eventTime").put("delay", delay);
        }
        if (action.equals("run")) {
            if (until != null) {
                body.put("until", until);
            }
            if (max < Long.MAX_VALUE) {
                body.put("max", max);
            }
        }
        return api.request("/api/v1/query/" + action)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(millrace.json().write(body)))
                .build();
    }

    private int run(Api api, String sql) throws InterruptedException {
        Surroundings surroundings = millrace.surroundings();
        Run run = new Run(sql, writer(surroundings));
        try (var _ = surroundings.lifetime().hold()) {
            HttpRequest request = request(api, "run", sql);
            LineFollower follower =
                    new LineFollower(api.open(request).body(), surroundings.lifetime());
            boolean wanted = !follower.follow(run);
            run.writer.refresh();
            if (wanted && !run.ended) {
                throw CommandFailure.failed("The server ended the connection.");
            }
        }
        return run.exitCode;
    }

    private ResultWriter writer(Surroundings surroundings) {
        return switch (millrace.output()) {
            case JSON -> new JsonResult(surroundings.console(), millrace.json());
            case CSV -> new CsvResult(surroundings.console(), millrace.json());
            case TABLE, YAML ->
                    surroundings.console().terminals().out()
                            ? new LiveTable(surroundings, millrace.json())
                            : new AppendedRows(surroundings, millrace.json());
        };
    }

    /// Shows a problem, and where in the statement it is.
    private int failed(String sql, JsonNode document, String origin) {
        millrace.errors().show(document, origin);
        if (millrace.output() != OutputFormat.JSON) {
            new SqlExcerpt(sql, millrace.surroundings().errStyle())
                    .of(document)
                    .forEach(line -> millrace.notice("    " + line));
        }
        return CommandFailure.FAILED;
    }

    /// What comes of one run.
    private final class Run implements LineFollower.Listener {
        private final String sql;
        private final ResultWriter writer;
        private boolean ended;
        private int exitCode = CommandFailure.OK;

        Run(String sql, ResultWriter writer) {
            this.sql = sql;
            this.writer = writer;
        }

        @Override
        public boolean line(String text) {
            JsonNode line =
                    millrace.json()
                            .parse(text)
                            .orElseThrow(() ->
                                    CommandFailure.failed(
                                            "The answer is not JSON. Is the server a Millrace?"));
            if (line.has("op")) {
                writer.change(line);
            } else if (line.has("columns")) {
                writer.columns(ResultColumns.of(line.path("columns")));
            } else if (line.has("progress")) {
                notice(line.path("progress").asString(""));
            } else if (line.has("error")) {
                writer.refresh();
                exitCode = failed(sql, line.path("error"), "the server");
                return false;
            } else if (line.has("end")) {
                ended = true;
                return false;
            }
            return !millrace.outputClosed();
        }

        private void notice(String progress) {
            var style = millrace.surroundings().errStyle();
            millrace.notice(style.dim(Visible.of(progress) + " ..."));
            if (millrace.surroundings().console().terminals().err()) {
                writer.interrupted();
            }
        }

        @Override
        public boolean idle() {
            writer.refresh();
            return !millrace.outputClosed();
        }
    }
}

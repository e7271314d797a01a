package io.millrace.cli;

import io.millrace.cli.http.Answer;
import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.query.QueryTables;
import io.millrace.cli.text.Visible;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `millrace queries`: how they are doing, and what can be done with them.
@Command(
        name = "queries",
        description = {
            "Lists the queries.",
            "IN and OUT are events read and results given a second, LAG how many stored events "
                    + "are not read yet, BEHIND how far the watermark is behind the clock, LATE "
                    + "what came too late to count, INVALID what did not fit the schema, SIZE "
                    + "what it keeps."
        },
        footer = {
            "  millrace queries",
            "  millrace queries show floor-average",
            "  millrace queries pause floor-average",
        })
final class QueriesCommand implements Callable<Integer> {
    private final Millrace millrace;

    private QueriesCommand(Millrace millrace) {
        this.millrace = millrace;
    }

    static CommandLine line(Millrace millrace) {
        return new CommandLine(new QueriesCommand(millrace))
                .addSubcommand(new Show(millrace))
                .addSubcommand(new Pause(millrace))
                .addSubcommand(new Resume(millrace))
                .addSubcommand(new Savepoint(millrace));
    }

    @Override
    public Integer call() {
        boolean asJson = millrace.asJson();
        JsonNode items;
        try (Api api = millrace.api()) {
            items =
                    api.send(api.get("/api/v1/query/status").build())
                            .json(millrace.json())
                            .path("items");
        }
        if (asJson) {
            items.forEach(status -> millrace.print(millrace.json().write(status)));
        } else if (items.isEmpty()) {
            millrace.notice("There are no queries.");
        } else {
            QueryTables.list(items)
                    .lines(millrace.surroundings().outStyle())
                    .forEach(millrace::print);
        }
        return CommandFailure.OK;
    }

    /// Does something with each query, and says what was done.
    ///
    /// @param outcome in one word
    private static int each(Millrace millrace, List<String> names, String action, String outcome) {
        boolean asJson = millrace.asJson();
        try (Api api = millrace.api()) {
            for (String name : names) {
                String path = "/queries/" + Encoding.segment(name) + "/" + action;
                Answer answer = api.send(api.request(path).POST(BodyPublishers.noBody()).build());
                ObjectNode document = millrace.json().object();
                document.put("kind", "Query").put("name", name).put("outcome", outcome);
                String where = "";
                if (answer.body().length > 0) {
                    where = answer.json(millrace.json()).path("savepoint").asString("");
                    document.put("savepoint", where);
                }
                millrace.print(
                        asJson
                                ? millrace.json().write(document)
                                : "Query %s %s%s"
                                        .formatted(
                                                Visible.of(name),
                                                outcome,
                                                where.isEmpty() ? "" : " in " + Visible.of(where)));
            }
        }
        return CommandFailure.OK;
    }

    /// `millrace queries show NAME`.
    @Command(
            name = "show",
            description = "Shows everything about how a query is doing, with its plan.",
            footer = "  millrace queries show floor-average")
    static final class Show implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "NAME", description = "The query.")
        private String name = "";

        Show(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            boolean asJson = millrace.asJson();
            JsonNode status;
            try (Api api = millrace.api()) {
                String path = "/api/v1/queries/" + Encoding.segment(name) + "/status";
                status = api.send(api.get(path).build()).json(millrace.json());
            }
            if (asJson) {
                millrace.print(millrace.json().write(status));
            } else {
                QueryTables.one(status, millrace.surroundings().outStyle())
                        .forEach(millrace::print);
            }
            return CommandFailure.OK;
        }
    }

    /// `millrace queries pause NAME...`.
    @Command(
            name = "pause",
            description = "Secures what a query has done and stops it; it can go on from there.",
            footer = "  millrace queries pause floor-average")
    static final class Pause implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "NAME", arity = "1..*", description = "The queries.")
        private List<String> names = List.of();

        Pause(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            return each(millrace, names, "pause", "paused");
        }
    }

    /// `millrace queries resume NAME...`.
    @Command(
            name = "resume",
            description = "Goes on where a query was paused, or has failed.",
            footer = "  millrace queries resume floor-average")
    static final class Resume implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "NAME", arity = "1..*", description = "The queries.")
        private List<String> names = List.of();

        Resume(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            return each(millrace, names, "resume", "resumed");
        }
    }

    /// `millrace queries savepoint NAME...`.
    @Command(
            name = "savepoint",
            description = "Secures what a query has done, and tells where. The query goes on.",
            footer = "  millrace queries savepoint floor-average")
    static final class Savepoint implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "NAME", arity = "1..*", description = "The queries.")
        private List<String> names = List.of();

        Savepoint(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            return each(millrace, names, "savepoint", "secured");
        }
    }
}

package io.millrace.cli;

import io.millrace.cli.http.Answer;
import io.millrace.cli.http.Api;
import io.millrace.cli.http.Encoding;
import io.millrace.cli.process.CommandFailure;
import io.millrace.cli.text.Table;
import io.millrace.cli.text.Table.Align;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `millrace view`: what is in one view.
@Command(
        name = "view",
        description = "Reads a view.",
        footer = {
            "  millrace view get room-climate /org/contoso/room/4",
            "  millrace view list room-climate --prefix /org/contoso/",
            "  millrace view follow room-climate",
        })
final class ViewCommand implements Runnable {
    private static final int PAGE_MAX = 1_000;

    private ViewCommand() {}

    static CommandLine line(Millrace millrace) {
        return new CommandLine(new ViewCommand())
                .addSubcommand(new Get(millrace))
                .addSubcommand(new Entries(millrace))
                .addSubcommand(new ViewFollowCommand(millrace));
    }

    @Override
    public void run() {
        throw CommandFailure.usage("Do what? Try 'millrace view list NAME'.");
    }

    /// Which keys are meant.
    static final class Range {
        @Option(names = "--prefix", paramLabel = "TEXT", description = "Only keys that begin so.")
        private @Nullable String prefix;

        @Option(names = "--from", paramLabel = "KEY", description = "Only keys from this one on.")
        private @Nullable String from;

        @Option(names = "--to", paramLabel = "KEY", description = "Only keys before this one.")
        private @Nullable String to;

        @Option(
                names = "--filter",
                paramLabel = "FILTER",
                description =
                        "Only entries that fit: CloudEvents SQL for events, column=value for the "
                                + "rows of a query. More than one: all must fit.")
        private List<String> filters = List.of();

        /// The parameters, encoded, each with `&` behind it.
        String query() {
            StringBuilder query = new StringBuilder();
            add(query, "prefix", prefix);
            add(query, "from", from);
            add(query, "to", to);
            filters.forEach(filter -> add(query, "filter", filter));
            return query.toString();
        }

        private static void add(StringBuilder query, String name, @Nullable String value) {
            if (value != null) {
                query.append(name).append('=').append(Encoding.parameter(value)).append('&');
            }
        }
    }

    /// `millrace view get NAME KEY`.
    @Command(
            name = "get",
            description = "Shows what a view holds for a key.",
            footer = {
                "  millrace view get room-climate /org/contoso/room/4",
                "  millrace view get prices 4711 --as-of 2026-03-01T12:00:00Z",
            })
    static final class Get implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "NAME", description = "The view.")
        private String name = "";

        @Parameters(paramLabel = "KEY", description = "The key.")
        private String key = "";

        @Option(
                names = "--as-of",
                paramLabel = "TIME",
                description = "What it held at that time, computed from the recorded events.")
        private @Nullable String asOf;

        Get(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            boolean asJson = millrace.asJson();
            String path = "/views/" + Encoding.segment(name) + "/" + Encoding.segment(key);
            String query = asOf == null ? "" : "?asOf=" + Encoding.parameter(asOf);
            Answer answer;
            try (Api api = millrace.api()) {
                answer = api.send(api.get(path + query).build());
            }
            JsonNode value = answer.json(millrace.json());
            millrace.print(asJson ? millrace.json().write(value) : millrace.json().pretty(value));
            return CommandFailure.OK;
        }
    }

    /// `millrace view list NAME`.
    @Command(
            name = "list",
            description = "Lists what a view holds, in the order of the keys.",
            footer = {
                "  millrace view list room-climate --prefix /org/contoso/",
                "  millrace view list room-climate --filter \"type = 'com.contoso.climate'\"",
                "  millrace view list floor-averages --filter floor=3 --output json | jq .value",
            })
    static final class Entries implements Callable<Integer> {
        private final Millrace millrace;

        @Parameters(paramLabel = "NAME", description = "The view.")
        private String name = "";

        @Mixin private Range range = new Range();

        @Option(names = "--max", paramLabel = "N", description = "End after so many entries.")
        private long max = Long.MAX_VALUE;

        Entries(Millrace millrace) {
            this.millrace = millrace;
        }

        @Override
        public Integer call() {
            EnvelopePrinter.requireMax(max);
            boolean asJson = millrace.asJson();
            Table table =
                    new Table()
                            .column("KEY", Align.LEFT)
                            .column("UPDATED", Align.LEFT)
                            .column("VALUE", Align.LEFT);
            long left = max;
            String after = "";
            try (Api api = millrace.api()) {
                while (left > 0) {
                    JsonNode page = page(api, Math.min(left, PAGE_MAX), after);
                    for (JsonNode item : page.path("items")) {
                        left--;
                        if (asJson) {
                            millrace.print(millrace.json().write(item));
                        } else {
                            table.row(
                                    item.path("key").asString(""),
                                    item.path("updated").asString(""),
                                    summary(millrace, item.path("value")));
                        }
                    }
                    after = page.path("next").asString("");
                    left = after.isEmpty() ? 0 : left;
                }
            }
            if (!asJson) {
                table.lines(millrace.surroundings().outStyle()).forEach(millrace::print);
            }
            return CommandFailure.OK;
        }

        private JsonNode page(Api api, long limit, String after) {
            String from = after.isEmpty() ? "" : "&after=" + Encoding.parameter(after);
            String path =
                    "/views/%s?%slimit=%d%s"
                            .formatted(Encoding.segment(name), range.query(), limit, from);
            return api.send(api.get(path).build()).json(millrace.json());
        }
    }

    /// An event's data if it is JSON, all members of a row.
    static String summary(Millrace millrace, JsonNode value) {
        JsonNode shown = value.has("specversion") ? value.path("data") : value;
        if (!shown.isObject()) {
            return shown.isMissingNode() ? "" : millrace.json().write(shown);
        }
        StringJoiner members = new StringJoiner(" ");
        shown.properties()
                .forEach(member ->
                        members.add(
                                member.getKey() + "=" + millrace.json().write(member.getValue())));
        return members.toString();
    }
}

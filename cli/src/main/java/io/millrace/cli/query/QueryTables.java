package io.millrace.cli.query;

import io.millrace.cli.text.Quantity;
import io.millrace.cli.text.Style;
import io.millrace.cli.text.Table;
import io.millrace.cli.text.Table.Align;
import io.millrace.cli.text.Visible;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// How queries are doing, for people.
public final class QueryTables {
    private QueryTables() {}

    /// One line for each query.
    public static Table list(Iterable<JsonNode> statuses) {
        Table table =
                new Table()
                        .column("NAME", Align.LEFT)
                        .column("STATE", Align.LEFT)
                        .column("IN", Align.RIGHT)
                        .column("OUT", Align.RIGHT)
                        .column("LAG", Align.RIGHT)
                        .column("BEHIND", Align.RIGHT)
                        .column("LATE", Align.RIGHT)
                        .column("INVALID", Align.RIGHT)
                        .column("SIZE", Align.RIGHT)
                        .column("RESTARTS", Align.RIGHT)
                        .column("PROBLEM", Align.LEFT);
        for (JsonNode status : statuses) {
            table.row(
                    status.path("name").asString(""),
                    status.path("state").asString(""),
                    rate(status, "input"),
                    rate(status, "output"),
                    count(status.path("lag").path("events")),
                    behind(status),
                    count(status.path("counts").path("late")),
                    count(status.path("counts").path("invalid")),
                    Quantity.bytes(status.path("stateBytes").asLong(0)),
                    count(status.path("restarts")),
                    status.path("error").path("message").asString(""));
        }
        return table;
    }

    /// Everything about one.
    public static List<String> one(JsonNode status, Style style) {
        Table table = new Table().column("FIELD", Align.LEFT).column("VALUE", Align.LEFT);
        String progress = status.path("progress").asString("");
        table.row("name", status.path("name").asString(""));
        table.row(
                "state",
                status.path("state").asString("")
                        + (progress.isEmpty() ? "" : ": " + progress)
                        + " since "
                        + status.path("since").asString(""));
        JsonNode counts = status.path("counts");
        table.row("input", rate(status, "input") + ", " + count(counts.path("input")) + " in all");
        for (String outcome : List.of("counted", "corrected", "late", "invalid")) {
            table.row("- " + outcome, count(counts.path(outcome)));
        }
        table.row(
                "output", rate(status, "output") + ", " + count(counts.path("output")) + " in all");
        table.row("lag", count(status.path("lag").path("events")) + " events");
        table.row("watermark", status.path("watermark").asString("-") + behindNow(status));
        table.row("size", Quantity.bytes(status.path("stateBytes").asLong(0)));
        table.row("checkpoints", checkpoints(status.path("checkpoint")));
        table.row("restarts", count(status.path("restarts")));
        List<String> lines = new ArrayList<>(table.lines(style));
        add(lines, style, "WARNINGS", warnings(status, style));
        add(lines, style, "PROBLEM", problem(status, style));
        add(lines, style, "PLAN", PlanTree.lines(status.path("plan"), style));
        return lines;
    }

    private static void add(List<String> lines, Style style, String title, List<String> more) {
        if (!more.isEmpty()) {
            lines.add("");
            lines.add(style.bold(title));
            lines.addAll(more);
        }
    }

    /// One line for each warning.
    public static List<String> warnings(JsonNode document, Style style) {
        List<String> lines = new ArrayList<>();
        for (JsonNode warning : document.path("warnings")) {
            lines.add(style.yellow("! ") + Visible.of(warning.asString("")));
        }
        return lines;
    }

    private static List<String> problem(JsonNode status, Style style) {
        JsonNode error = status.path("error");
        List<String> lines = new ArrayList<>();
        if (error.isObject()) {
            lines.add(
                    style.red(Visible.of(error.path("message").asString("")))
                            + style.dim(" (" + Visible.of(error.path("at").asString("")) + ")"));
            lines.addAll(
                    new SqlExcerpt(status.path("sql").asString(""), style)
                            .at(error.path("line").asInt(0), error.path("column").asInt(0)));
        }
        return lines;
    }

    private static String checkpoints(JsonNode checkpoint) {
        return "%s completed, %s failed, last %s in %s ms with %s"
                .formatted(
                        count(checkpoint.path("completed")),
                        count(checkpoint.path("failed")),
                        checkpoint.path("last").asString("-"),
                        count(checkpoint.path("durationMillis")),
                        Quantity.bytes(checkpoint.path("bytes").asLong(0)));
    }

    private static String behindNow(JsonNode status) {
        String behind = behind(status);
        return behind.equals("-") ? "" : ", " + behind + " behind the clock";
    }

    /// How far the watermark is behind the clock.
    private static String behind(JsonNode status) {
        JsonNode millis = status.path("lag").path("watermarkMillis");
        return millis.isNumber() ? Quantity.duration(Duration.ofMillis(millis.asLong(0))) : "-";
    }

    private static String count(JsonNode number) {
        return Quantity.count(number.asLong(0));
    }

    private static String rate(JsonNode status, String field) {
        return String.format(Locale.ROOT, "%,.1f/s", status.path("rates").path(field).asDouble(0));
    }
}

package io.millrace.cli;

import io.millrace.cli.query.PlanTree;
import io.millrace.cli.query.QueryTables;
import io.millrace.cli.query.ResultColumns;
import io.millrace.cli.text.Style;
import io.millrace.cli.text.Table;
import io.millrace.cli.text.Table.Align;
import io.millrace.cli.text.Visible;
import java.util.List;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/// What a query would be, for people.
///
/// @param plan whether its plan is shown
/// @param sample whether rows of the trial are shown
record QueryExplanation(Millrace millrace, boolean plan, boolean sample) {
    void print(JsonNode answer) {
        if (millrace.asJson()) {
            millrace.print(millrace.json().write(answer));
            return;
        }
        Style style = millrace.surroundings().outStyle();
        if (plan) {
            columns(answer).lines(style).forEach(millrace::print);
            millrace.print("");
            millrace.print(changes(answer));
        }
        List<String> warnings = QueryTables.warnings(answer, style);
        if (!warnings.isEmpty()) {
            warnings.forEach(millrace::print);
        }
        if (plan) {
            millrace.print("");
            tree(answer, style).forEach(millrace::print);
        }
        if (sample) {
            if (plan) {
                millrace.print("");
            }
            rows(answer, style);
        }
    }

    private static Table columns(JsonNode answer) {
        Table table = new Table().column("COLUMN", Align.LEFT).column("TYPE", Align.LEFT);
        for (JsonNode column : answer.path("columns")) {
            table.row(column.path("name").asString(""), column.path("type").asString(""));
        }
        return table;
    }

    private static String changes(JsonNode answer) {
        if (answer.path("changes").asString("").equals("insert-only")) {
            return "Rows are only added.";
        }
        StringJoiner key = new StringJoiner(", ");
        answer.path("key").forEach(column -> key.add(Visible.of(column.asString(""))));
        return key.length() == 0
                ? "Rows are changed later, and no columns tell which one."
                : "Rows are changed later, by " + key + ".";
    }

    /// The plan in words if there is no graph.
    private static List<String> tree(JsonNode answer, Style style) {
        List<String> lines = PlanTree.lines(answer.path("plan"), style);
        return lines.isEmpty()
                ? answer.path("text").asString("").lines().map(Visible::of).toList()
                : lines;
    }

    private void rows(JsonNode answer, Style style) {
        JsonNode rows = answer.path("sample");
        if (rows.isEmpty()) {
            millrace.notice("The statement is right. It gives no rows for the events sampled.");
            return;
        }
        ResultColumns.of(answer.path("columns"))
                .table(rows, millrace.json())
                .lines(style)
                .forEach(millrace::print);
    }
}

package io.millrace.cli.query;

import io.millrace.cli.process.Surroundings;
import io.millrace.cli.text.Json;
import io.millrace.cli.text.Style;
import io.millrace.cli.text.Table.Align;
import io.millrace.cli.text.Visible;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Every change as a line of a table that only grows. Once a row is changed that has been shown,
/// the kind of change stands before each.
///
/// Not thread-safe.
public final class AppendedRows implements ResultWriter {
    private static final String INSERTED = "+I";

    private final Surroundings surroundings;
    private final Json json;
    private final List<JsonNode> pending = new ArrayList<>();
    private @Nullable ResultColumns columns;
    private int[] widths = {};
    private boolean headed;
    private boolean updating;

    public AppendedRows(Surroundings surroundings, Json json) {
        this.surroundings = surroundings;
        this.json = json;
    }

    @Override
    public void columns(ResultColumns all) {
        columns = all;
        widths = new int[all.names().size() + 1];
    }

    @Override
    public void change(JsonNode line) {
        if (columns == null) {
            columns(ResultColumns.ofRow(line.path("row")));
        }
        if (!updating && !line.path("op").asString("").equals(INSERTED)) {
            updating = true;
            headed = false;
        }
        pending.add(line);
    }

    @Override
    public void refresh() {
        ResultColumns known = columns;
        if (known == null || pending.isEmpty()) {
            return;
        }
        List<List<String>> lines = new ArrayList<>();
        for (JsonNode line : pending) {
            List<String> cells = new ArrayList<>();
            cells.add(line.path("op").asString(""));
            known.cells(line.path("row"), json).forEach(cell -> cells.add(Visible.of(cell)));
            lines.add(cells);
        }
        pending.clear();
        List<String> headings = new ArrayList<>();
        headings.add("OP");
        known.names().forEach(name -> headings.add(Visible.of(name)));
        widen(headings);
        lines.forEach(this::widen);
        if (!headed) {
            headed = true;
            Style style = surroundings.outStyle();
            surroundings.console().out().println(style.bold(line(headings, known)));
        }
        lines.forEach(cells -> surroundings.console().out().println(line(cells, known)));
    }

    private void widen(List<String> cells) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], cells.get(i).length());
        }
    }

    private String line(List<String> cells, ResultColumns known) {
        StringBuilder line = new StringBuilder();
        for (int i = updating ? 0 : 1; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - cells.get(i).length());
            boolean right = i > 0 && known.align(i - 1) == Align.RIGHT;
            line.append(right ? padding + cells.get(i) : cells.get(i) + padding).append("  ");
        }
        return line.toString().stripTrailing();
    }
}

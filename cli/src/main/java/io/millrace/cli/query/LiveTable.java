package io.millrace.cli.query;

import io.millrace.cli.process.Surroundings;
import io.millrace.cli.text.Json;
import io.millrace.cli.text.Style;
import io.millrace.cli.text.Visible;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The result as a table that is drawn anew in its place on the terminal, as long as it fits; after
/// that, what comes is appended.
///
/// Not thread-safe.
public final class LiveTable implements ResultWriter {
    /// The headings, and the line of the cursor.
    private static final int LINES_BESIDES = 2;

    private final Surroundings surroundings;
    private final Json json;
    private final ResultRows rows = new ResultRows();
    private final AppendedRows appended;
    private @Nullable ResultColumns columns;
    private boolean fits = true;
    private boolean changed;
    private int drawn;

    public LiveTable(Surroundings surroundings, Json json) {
        this.surroundings = surroundings;
        this.json = json;
        this.appended = new AppendedRows(surroundings, json);
    }

    @Override
    public void columns(ResultColumns all) {
        columns = all;
        appended.columns(all);
    }

    @Override
    public void change(JsonNode line) {
        if (columns == null) {
            columns(ResultColumns.ofRow(line.path("row")));
        }
        if (fits && isFull(line)) {
            refresh();
            fits = false;
        }
        if (!fits) {
            appended.change(line);
            return;
        }
        rows.change(line.path("op").asString(""), line.path("row"));
        changed = true;
    }

    private boolean isFull(JsonNode line) {
        return line.path("op").asString("").startsWith("+")
                && rows.size() >= surroundings.lines() - LINES_BESIDES;
    }

    @Override
    public void refresh() {
        ResultColumns known = columns;
        if (fits && changed && known != null) {
            draw(known.table(rows.rows(), json).lines(new Style(false)));
            changed = false;
        }
        appended.refresh();
    }

    private void draw(List<String> lines) {
        StringBuilder text = new StringBuilder();
        if (drawn > 0) {
            text.append("\u001b[").append(drawn).append("A\r\u001b[J");
        }
        Style style = surroundings.outStyle();
        for (int i = 0; i < lines.size(); i++) {
            // A line that the terminal breaks would be two when it is drawn anew.
            String line = Visible.shortened(lines.get(i), surroundings.columns());
            text.append(i == 0 ? style.bold(line) : line).append('\n');
        }
        drawn = lines.size();
        PrintStream out = surroundings.console().out();
        out.print(text);
        out.flush();
    }

    /// What was drawn stays above; the next drawing is a new one.
    @Override
    public void interrupted() {
        drawn = 0;
    }
}

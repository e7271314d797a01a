package io.millrace.cli.consume;

import io.millrace.cli.text.Style;
import io.millrace.cli.text.Visible;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What each clause of a subscription says of an event, as a tree of lines.
///
/// @param style colours or none
public record ExplanationTree(Style style) {
    /// The lines for a clause and all clauses within it.
    public List<String> lines(JsonNode why) {
        List<String> lines = new ArrayList<>();
        lines.add(line(why));
        parts(why, "", lines);
        return lines;
    }

    private void parts(JsonNode clause, String indent, List<String> lines) {
        int left = clause.path("parts").size();
        for (JsonNode part : clause.path("parts")) {
            left--;
            lines.add(style.dim(indent + (left > 0 ? "├─ " : "└─ ")) + line(part));
            parts(part, indent + (left > 0 ? "│  " : "   "), lines);
        }
    }

    private String line(JsonNode clause) {
        boolean matches = clause.path("matches").asBoolean(false);
        String mark = matches ? style.green("✓") : style.red("✗");
        String path = Visible.of(clause.path("path").asString(""));
        String detail = Visible.of(clause.path("detail").asString(""));
        String head = path.isEmpty() ? mark : mark + " " + style.bold(path);
        return detail.isEmpty() ? head : head + (path.isEmpty() ? " " : ": ") + detail;
    }
}

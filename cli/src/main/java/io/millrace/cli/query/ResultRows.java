package io.millrace.cli.query;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A result as its changes have made it. A row that replaces another stands in its place.
///
/// Not thread-safe.
final class ResultRows {
    private final List<JsonNode> rows = new ArrayList<>();
    private int gap = -1;

    /// Applies one change.
    ///
    /// @param op `+I`, `-U`, `+U` or `-D`
    void change(String op, JsonNode row) {
        if (op.startsWith("-")) {
            int at = rows.lastIndexOf(row);
            if (at >= 0) {
                rows.remove(at);
            }
            gap = op.equals("-U") ? at : -1;
        } else {
            boolean replaces = op.equals("+U") && gap >= 0 && gap <= rows.size();
            rows.add(replaces ? gap : rows.size(), row);
            gap = -1;
        }
    }

    int size() {
        return rows.size();
    }

    List<JsonNode> rows() {
        return Collections.unmodifiableList(rows);
    }
}

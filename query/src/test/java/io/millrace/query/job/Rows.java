package io.millrace.query.job;

import io.millrace.broker.query.QueryColumn;
import io.millrace.broker.query.RowReader;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The rows of a statement: as they came, and what is left of them when all changes are applied.
public final class Rows implements RowReader {
    private final List<String> columns = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();
    private final List<List<String>> left = new ArrayList<>();
    private boolean onlyAdded = true;

    @Override
    public void progress(String text) {
        // Nobody watches.
    }

    @Override
    public void columns(List<QueryColumn> named) {
        named.forEach(column -> columns.add(column.name()));
    }

    @Override
    public boolean row(String op, ObjectNode row) {
        changes.add(op + " " + row);
        onlyAdded &= op.equals("+I");
        List<String> values = new ArrayList<>();
        for (String column : columns) {
            values.add(text(row.get(column)));
        }
        if (op.startsWith("+")) {
            left.add(values);
        } else if (!left.remove(values)) {
            throw new AssertionError("takes back what was not said: " + row);
        }
        return true;
    }

    private static String text(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }

    @Override
    public void idle() {
        // It ends by itself.
    }

    public List<String> columns() {
        return columns;
    }

    /// Each as `+I {json}`, in the order in which they came.
    public List<String> changes() {
        return changes;
    }

    /// The values of each row that is left.
    public List<List<String>> left() {
        return left;
    }

    public boolean onlyAdded() {
        return onlyAdded;
    }
}

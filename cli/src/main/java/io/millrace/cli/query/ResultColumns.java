package io.millrace.cli.query;

import io.millrace.cli.text.Json;
import io.millrace.cli.text.Table;
import io.millrace.cli.text.Table.Align;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The columns of a result.
///
/// @param names in their order
/// @param numeric whether each holds numbers, by the same order
public record ResultColumns(List<String> names, List<Boolean> numeric) {
    private static final Set<String> NUMBERS =
            Set.of(
                    "TINYINT",
                    "SMALLINT",
                    "INT",
                    "INTEGER",
                    "BIGINT",
                    "FLOAT",
                    "REAL",
                    "DOUBLE",
                    "DECIMAL",
                    "NUMERIC");

    private static final String NOTHING = "NULL";

    /// The columns as the server lists them.
    public static ResultColumns of(JsonNode columns) {
        List<String> names = new ArrayList<>();
        List<Boolean> numeric = new ArrayList<>();
        for (JsonNode column : columns) {
            names.add(column.path("name").asString(""));
            String type = column.path("type").asString("").split("[( ]", 2)[0];
            numeric.add(NUMBERS.contains(type));
        }
        return new ResultColumns(List.copyOf(names), List.copyOf(numeric));
    }

    /// Those of rows whose columns nobody has listed.
    public static ResultColumns ofRow(JsonNode row) {
        List<String> names = List.copyOf(row.propertyNames());
        return new ResultColumns(
                names, names.stream().map(name -> row.path(name).isNumber()).toList());
    }

    Align align(int column) {
        return numeric.get(column) ? Align.RIGHT : Align.LEFT;
    }

    /// The cells of a row as text.
    List<String> cells(JsonNode row, Json json) {
        List<String> cells = new ArrayList<>();
        for (String name : names) {
            JsonNode value = row.path(name);
            if (value.isNull() || value.isMissingNode()) {
                cells.add(NOTHING);
            } else {
                cells.add(value.isContainer() ? json.write(value) : value.asString(""));
            }
        }
        return cells;
    }

    /// Rows as a table.
    public Table table(Iterable<JsonNode> rows, Json json) {
        Table table = new Table();
        for (int i = 0; i < names.size(); i++) {
            table.column(names.get(i), align(i));
        }
        for (JsonNode row : rows) {
            table.row(cells(row, json).toArray(String[]::new));
        }
        return table;
    }
}

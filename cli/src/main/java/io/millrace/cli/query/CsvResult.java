package io.millrace.cli.query;

import io.millrace.cli.process.Console;
import io.millrace.cli.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Every change as a record of comma-separated values (RFC 4180), whose first field is the kind of
/// change. `NULL` is an empty field, an empty text is `""`.
public final class CsvResult implements ResultWriter {
    private final Console console;
    private final Json json;
    private @Nullable ResultColumns columns;

    public CsvResult(Console console, Json json) {
        this.console = console;
        this.json = json;
    }

    @Override
    public void columns(ResultColumns all) {
        columns = all;
        List<String> fields = new ArrayList<>();
        fields.add("op");
        all.names().forEach(name -> fields.add(quoted(name)));
        console.out().println(String.join(",", fields));
    }

    @Override
    public void change(JsonNode line) {
        if (columns == null) {
            columns(ResultColumns.ofRow(line.path("row")));
        }
        if (columns != null) {
            StringJoiner fields = new StringJoiner(",");
            fields.add(line.path("op").asString(""));
            columns.names().forEach(name -> fields.add(field(line.path("row").path(name))));
            console.out().println(fields);
        }
    }

    private String field(JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return "";
        }
        return quoted(value.isContainer() ? json.write(value) : value.asString(""));
    }

    private static String quoted(String text) {
        boolean plain =
                !text.isEmpty()
                        && text.chars().noneMatch(c -> c == ',' || c == '"' || c < ' ')
                        && text.strip().length() == text.length();
        return plain ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }

    @Override
    public void refresh() {
        // Nothing is held back.
    }
}

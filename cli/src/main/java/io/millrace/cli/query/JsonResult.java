package io.millrace.cli.query;

import io.millrace.cli.process.Console;
import io.millrace.cli.text.Json;
import tools.jackson.databind.JsonNode;

/// Every change as the server sent it, one JSON document a line.
///
/// @param console where it goes
/// @param json writes the documents
public record JsonResult(Console console, Json json) implements ResultWriter {
    @Override
    public void columns(ResultColumns columns) {
        // Every row names them.
    }

    @Override
    public void change(JsonNode line) {
        console.out().println(json.write(line));
    }

    @Override
    public void refresh() {
        // Nothing is held back.
    }
}

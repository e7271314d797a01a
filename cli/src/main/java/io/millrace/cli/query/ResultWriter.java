package io.millrace.cli.query;

import tools.jackson.databind.JsonNode;

/// Shows the rows of a statement as they come.
///
/// Not thread-safe.
public interface ResultWriter {
    /// The columns, before the first row.
    void columns(ResultColumns columns);

    /// One change of the result.
    ///
    /// @param line as the server sent it, with `op` and `row`
    void change(JsonNode line);

    /// Shows what has changed. Called when nothing more is there at once, and at the end.
    void refresh();

    /// Something else has been written to the terminal.
    default void interrupted() {}
}

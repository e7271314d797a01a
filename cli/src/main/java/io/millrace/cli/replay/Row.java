package io.millrace.cli.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One row of the input.
///
/// @param number the row's number from 1; a header is not counted
/// @param line the line on which the row begins, from 1
/// @param end the offset in bytes behind the row, to tell how far the input has been read
/// @param raw the row's text as it was written, without its line end
/// @param columns the names of the values
/// @param values the values
record Row(long number, long line, long end, String raw, Columns columns, List<Value> values) {
    /// One value.
    ///
    /// @param text as templates insert it
    /// @param json as a JSON value
    record Value(String text, String json) {}

    /// A column's value; `null` if there is no such column.
    @Nullable Value value(String column) {
        Integer index = columns.index().get(column);
        return index == null ? null : values.get(index);
    }

    /// How errors name the row.
    String place() {
        return "row %d (line %d)".formatted(number, line);
    }
}

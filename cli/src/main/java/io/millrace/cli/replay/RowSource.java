package io.millrace.cli.replay;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads an input row by row, holding no more than two rows at a time. Not thread-safe.
interface RowSource extends Closeable {
    /// The largest row, in characters.
    int ROW_MAX = 1 << 20;

    /// The next row, or `null` at the end.
    ///
    /// @throws io.millrace.cli.process.CommandFailure naming the row that cannot be read
    @Nullable Row next() throws IOException;

    /// The columns that every row has; `null` if each row has its own.
    @Nullable Columns columns();
}

package io.millrace.log;

import java.util.function.Consumer;

/// Records as they were read: whole batches, of which those records count that are at or after the
/// offset asked for.
///
/// Immutable and thread-safe; records are decoded as they are visited.
public interface LogSlice {
    boolean isEmpty();

    /// The offset to read from next.
    long nextOffset();

    /// Hands over the records in order. The [LogRecord] is a view that is reused: it is valid
    /// during the call only.
    void forEach(Consumer<? super LogRecord> each);
}

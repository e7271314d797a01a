package io.millrace.log;

import io.millrace.log.batch.BatchSlice;
import java.util.function.Consumer;

/// Records as they were read: whole batches, of which those records count that are at or after the
/// offset asked for.
///
/// Immutable and thread-safe; records are decoded as they are visited.
public interface LogSlice {
    boolean isEmpty();

    /// The offset to read from next.
    long nextOffset();

    /// Its batches as they are, for whoever makes the same slice of them elsewhere, see [#of].
    byte[] batches();

    /// The slice that batches were taken from.
    ///
    /// @param batches whole and sound
    /// @param offset that was asked for
    /// @param nextOffset of that slice
    static LogSlice of(byte[] batches, long offset, long nextOffset) {
        return new BatchSlice(batches, 0, batches.length, offset, nextOffset);
    }

    /// Hands over the records in order. The [LogRecord] is a view that is reused: it is valid
    /// during the call only.
    void forEach(Consumer<? super LogRecord> each);
}

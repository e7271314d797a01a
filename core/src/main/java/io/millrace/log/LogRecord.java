package io.millrace.log;

import io.millrace.event.Bytes;
import org.jspecify.annotations.Nullable;

/// A view of one stored record; key, value and headers are decoded when asked for.
public interface LogRecord {
    long offset();

    /// The last offset of the batch that it was written in.
    long lastOfBatch();

    /// When it was recorded, in milliseconds since 1970.
    long timestampMillis();

    @Nullable Bytes key();

    /// The payload, copied out, or `null` if there is none (a tombstone in a compacted log).
    @Nullable Bytes value();

    /// The payload as a window that holds only as long as the record is visited; `null` if there is
    /// none.
    @Nullable Bytes valueWindow();

    /// Whether there is a payload, without copying it.
    boolean hasValue();

    /// How many bytes the payload has; 0 if there is none.
    int valueLength();

    /// The value of the first header of that name, or `null`.
    @Nullable Bytes header(String name);

    /// The value of the header in that place, counted from 0, if it has that name; else `null`.
    @Nullable Bytes headerAt(int index, String name);

    /// Finds several headers in one pass.
    void find(HeaderWindows windows);

    void forEachHeader(HeaderVisitor visitor);

    /// Receives headers in their order.
    @FunctionalInterface
    interface HeaderVisitor {
        void header(String name, @Nullable Bytes value);
    }
}

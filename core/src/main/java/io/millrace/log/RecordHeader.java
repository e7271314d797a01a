package io.millrace.log;

import io.millrace.event.Bytes;

/// One header of a record: a name and bytes. Names may come more than once; their order is kept.
public record RecordHeader(String name, Bytes value) {
    /// A header with a text, in UTF-8.
    public static RecordHeader of(String name, String text) {
        return new RecordHeader(name, Bytes.utf8(text));
    }
}

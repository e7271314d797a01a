package io.millrace.gateway.http.view;

import io.millrace.event.Bytes;
import io.millrace.event.format.ByteSink;
import io.millrace.gateway.http.message.JsonDocument;
import io.millrace.view.ViewEntry;
import io.millrace.view.ViewOrigin;

/// Writes entries of views as JSON objects (docs/reference/http-api.md, "Views"). Stateless.
final class EntryWriter {
    private EntryWriter() {}

    /// The members of an entry; the object is the caller's.
    ///
    /// @param oneLine whether line breaks between the tokens of the value become spaces
    static void write(JsonDocument json, ViewEntry entry, boolean oneLine) {
        json.text("key", entry.key())
                .raw("value", out -> value(out, entry.value(), oneLine))
                .time("updated", entry.updatedMillis())
                .text("etag", entry.etag());
        ViewOrigin origin = entry.origin();
        if (origin != null) {
            json.text("context", origin.context())
                    .text("stream", origin.stream())
                    .number("partition", origin.partition())
                    .number("offset", origin.offset());
        }
    }

    /// Inside a string of JSON a line break is always escaped, so those that are there mean
    /// nothing.
    private static void value(ByteSink out, Bytes value, boolean oneLine) {
        if (!oneLine) {
            out.write(value);
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            byte each = value.at(i);
            out.write(each == '\n' || each == '\r' ? ' ' : each);
        }
    }
}

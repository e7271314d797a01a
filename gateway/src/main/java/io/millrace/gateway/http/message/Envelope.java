package io.millrace.gateway.http.message;

import io.millrace.event.format.ByteSink;
import io.millrace.event.format.JsonFormat;
import io.millrace.stream.StoredEvent;
import org.jspecify.annotations.Nullable;

/// Writes a stored event with what is known of it besides (docs/reference/http-api.md, "The
/// envelope"). Thread-safe.
public final class Envelope {
    private final JsonFormat format = new JsonFormat();

    /// Writes the envelope without line breaks.
    ///
    /// @param position written as one more member if it is there
    public void write(ByteSink out, StoredEvent stored, @Nullable String position) {
        out.ascii("{\"context\":");
        JsonText.string(out, stored.context().path());
        out.ascii(",\"stream\":\"");
        out.ascii(stored.stream());
        out.ascii("\",\"partition\":");
        JsonText.number(out, stored.partition());
        out.ascii(",\"offset\":");
        JsonText.number(out, stored.offset());
        out.ascii(",\"recorded\":");
        JsonText.time(out, stored.recordedMillis());
        String retain = stored.retain().text();
        if (retain != null) {
            out.ascii(",\"retain\":\"");
            out.ascii(retain);
            out.write('"');
        }
        if (position != null) {
            out.ascii(",\"position\":\"");
            out.ascii(position);
            out.write('"');
        }
        out.ascii(",\"event\":");
        format.writeLine(stored.event(), out);
        out.write('}');
    }

    /// Writes the event alone.
    public void writeEvent(ByteSink out, StoredEvent stored) {
        format.write(stored.event(), out);
    }
}

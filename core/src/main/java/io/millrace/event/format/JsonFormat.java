package io.millrace.event.format;

import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import java.util.List;

/// The JSON format of CloudEvents 1.0 (formats/json-format.md): `application/cloudevents+json` and
/// `application/cloudevents-batch+json`. Thread-safe.
///
/// Whatever is written here and read back is equal, byte for byte in its data. So:
///
/// - **Read**: JSON in `data` keeps the bytes of the document, spaces and digits included. A string
///   in `data` whose `datacontenttype` is not JSON is that text in UTF-8; another value there is
///   refused. Without `datacontenttype`, `data` is JSON and the attribute becomes
///   `application/json`. `"data": null` is the JSON value `null`, not absence, where data is JSON;
///   otherwise it is absence, as is `"data_base64": null`. An attribute that is `null` is absent.
/// - **Write**: JSON types go out as they are in `data` if the bytes are exactly one JSON value
///   without surrounding whitespace; text types as a string in `data` if they are UTF-8; everything
///   else, and everything without a `datacontenttype`, in `data_base64`.
///
/// The format has booleans, integers and strings only: binary values, URIs and timestamps among the
/// extensions come back as strings.
public final class JsonFormat {
    /// How deep arrays and objects in data may nest. What nests deeper is refused when it is read,
    /// and written in `data_base64`.
    public static final int DATA_DEPTH_MAX = 256;

    private final JsonEventReader reader = new JsonEventReader();

    /// Reads one event.
    ///
    /// @param document nobody may write to its bytes afterwards: the event's data is a part of them
    /// @throws MillraceException EVENT_INVALID or SPECVERSION_UNSUPPORTED, with every attribute
    ///   that is wrong
    public Event read(Bytes document) {
        return reader.read(document);
    }

    /// Reads a batch, which is accepted or refused as a whole.
    ///
    /// @param document nobody may write to its bytes afterwards: the events' data are parts of them
    /// @param eventsMax how many events are accepted
    /// @throws MillraceException EVENT_INVALID, SPECVERSION_UNSUPPORTED or BATCH_TOO_LARGE; fields
    ///   are named with the index of their event, as in `[3].id`
    public List<Event> readBatch(Bytes document, int eventsMax) {
        return reader.readBatch(document, eventsMax);
    }

    /// Writes one event.
    public void write(Event event, ByteSink out) {
        JsonEventWriter.write(event, out, false);
    }

    /// Writes one event without any line break, for newline-delimited JSON and server-sent events;
    /// the line's end is the caller's. JSON data with line breaks goes out in `data_base64`, so
    /// that it stays byte-equal.
    public void writeLine(Event event, ByteSink out) {
        JsonEventWriter.write(event, out, true);
    }

    /// Writes a batch.
    public void writeBatch(List<Event> events, ByteSink out) {
        out.write('[');
        String separator = "";
        for (Event event : events) {
            out.ascii(separator);
            JsonEventWriter.write(event, out, false);
            separator = ",";
        }
        out.write(']');
    }
}

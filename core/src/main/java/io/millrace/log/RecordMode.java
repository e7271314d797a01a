package io.millrace.log;

import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.event.format.JsonFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a record says that it is (CloudEvents Kafka binding, section 3): an event in its headers,
/// one in its value, or nothing.
final class RecordMode {
    private static final String STRUCTURED = "application/cloudevents+json";
    private static final int LENGTH_MAX = 256;
    private static final JsonFormat JSON = new JsonFormat();

    private RecordMode() {}

    static boolean isBinary(LogRecord record) {
        return record.header("ce_specversion") != null;
    }

    /// The event in the value; `null` if there is none, or it is not valid.
    static @Nullable Event structured(LogRecord record) {
        Bytes type = record.header(EventRecords.CONTENT_TYPE);
        if (type == null || !isStructured(type)) {
            return null;
        }
        Bytes value = record.value();
        if (value == null) {
            return null;
        }
        try {
            return JSON.read(value);
        } catch (MillraceException _) {
            return null;
        }
    }

    static boolean isStructured(Bytes contentType) {
        if (contentType.length() < STRUCTURED.length() || contentType.length() > LENGTH_MAX) {
            return false;
        }
        String text = contentType.toUtf8();
        int semicolon = text.indexOf(';');
        String bare = semicolon < 0 ? text : text.substring(0, semicolon);
        return bare.strip().toLowerCase(Locale.ROOT).equals(STRUCTURED);
    }

    /// The context that the source of the record's event stands for; `null` if there is none.
    static @Nullable Context sourceContext(LogRecord record) {
        Bytes source = isBinary(record) ? record.header("ce_source") : null;
        if (source != null) {
            return ofSource(source.toUtf8());
        }
        Event event = isBinary(record) ? null : structured(record);
        return event == null ? null : ofSource(event.source());
    }

    static @Nullable Context ofSource(String source) {
        try {
            return Context.ofSource(source);
        } catch (MillraceException _) {
            return null;
        }
    }
}

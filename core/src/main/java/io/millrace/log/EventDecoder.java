package io.millrace.log;

import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import io.millrace.event.AttributeValue;
import io.millrace.event.AttributeValue.BinaryValue;
import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.AttributeValue.StringValue;
import io.millrace.event.AttributeValue.TimestampValue;
import io.millrace.event.AttributeValue.UriReferenceValue;
import io.millrace.event.AttributeValue.UriValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.Timestamp;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds one event from one record.
final class EventDecoder implements LogRecord.HeaderVisitor {
    private final LogRecord record;
    private final Map<String, String> types;
    private final EventBuilder event = Event.builder();

    EventDecoder(LogRecord record) {
        this.record = record;
        this.types = types(record.header(EventRecords.TYPES));
    }

    private static Map<String, String> types(@Nullable Bytes header) {
        if (header == null) {
            return Map.of();
        }
        Map<String, String> types = new HashMap<>();
        String text = header.toUtf8();
        int from = 0;
        while (from < text.length()) {
            int comma = text.indexOf(',', from);
            int end = comma < 0 ? text.length() : comma;
            int equals = text.indexOf('=', from);
            if (equals > from && equals < end) {
                types.put(text.substring(from, equals), text.substring(equals + 1, end));
            }
            from = end + 1;
        }
        return types;
    }

    EventRecords.Recorded decode() {
        record.forEachHeader(this);
        event.data(record.value());
        return new EventRecords.Recorded(EventRecords.context(record), event.buildRecorded());
    }

    @Override
    public void header(String name, @Nullable Bytes value) {
        if (value == null) {
            return;
        }
        if (name.equals(EventRecords.CONTENT_TYPE)) {
            event.dataContentType(value.toUtf8());
        } else if (name.startsWith(EventRecords.PREFIX)) {
            attribute(name.substring(EventRecords.PREFIX.length()), value.toUtf8());
        }
    }

    private void attribute(String name, String text) {
        String type = types.get(name);
        if (type == null) {
            event.attribute(name, text);
            return;
        }
        try {
            event.extension(name, typed(name, type, text));
        } catch (IllegalArgumentException _) {
            event.report(
                    new Problem(
                            ErrorCode.EVENT_INVALID,
                            name,
                            "is recorded as %s, but its text is not".formatted(type)));
        }
    }

    private static AttributeValue typed(String name, String type, String text) {
        return switch (type) {
            case "boolean" -> new BooleanValue(text.equals("true"));
            case "integer" -> new IntegerValue(Integer.parseInt(text));
            case "binary" -> new BinaryValue(Bytes.wrap(Base64.getDecoder().decode(text)));
            case "uri" -> new UriValue(text);
            case "urireference" -> new UriReferenceValue(text);
            case "timestamp" -> new TimestampValue(Timestamp.parse(name, text));
            default -> new StringValue(text);
        };
    }
}

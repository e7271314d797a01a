package io.millrace.log;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Builds one event from the headers of one record, and keeps those that say nothing of it.
final class AttributeReader implements LogRecord.HeaderVisitor {
    private final LogRecord record;
    private final EventBuilder event = Event.builder();
    private int count;

    /// Whether the record was written here, as the order of its headers tells. A client that writes
    /// them so as well has them read with less of a check.
    private boolean isOwn;

    private Map<String, String> types = Map.of();

    /// Attributes of a record that others wrote: a second header of a name is not one.
    private @Nullable Set<String> seen;

    private @Nullable List<KafkaHeaders.Header> foreign;

    AttributeReader(LogRecord record) {
        this.record = record;
        record.forEachHeader(this);
    }

    /// Whether the record was written here.
    boolean isOwn() {
        return isOwn;
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

    EventBuilder event() {
        return event;
    }

    /// The headers that are no attributes, in their order.
    List<KafkaHeaders.Header> foreign() {
        return foreign == null ? List.of() : foreign;
    }

    /// The event as it was recorded.
    ///
    /// @throws MillraceException EVENT_INVALID if there is none
    Event recorded() {
        return event.data(record.value()).buildRecorded();
    }

    @Override
    public void header(String name, @Nullable Bytes value) {
        if (count == 0) {
            isOwn = name.equals(EventRecords.CONTEXT);
        } else if (count == 1) {
            isOwn &= name.equals("ce_specversion");
            types = isOwn ? types(record.header(EventRecords.TYPES)) : types;
        }
        boolean isMarks =
                isOwn
                        && count == Marks.INDEX
                        && name.equals(Marks.HEADER)
                        && Marks.of(value) != null;
        count++;
        boolean isAttribute =
                name.equals(EventRecords.CONTENT_TYPE) || name.startsWith(EventRecords.PREFIX);
        if (value != null && isAttribute && isFirst(name)) {
            if (name.equals(EventRecords.CONTENT_TYPE)) {
                event.dataContentType(value.toUtf8());
            } else {
                attribute(name.substring(EventRecords.PREFIX.length()), value.toUtf8());
            }
        } else if (!name.equals(EventRecords.CONTEXT)
                && !isMarks
                && !(isOwn && name.equals(EventRecords.TYPES))) {
            if (foreign == null) {
                foreign = new ArrayList<>();
            }
            foreign.add(
                    new KafkaHeaders.Header(
                            name, value == null ? null : Bytes.wrap(value.toArray())));
        }
    }

    private boolean isFirst(String name) {
        if (isOwn) {
            return true;
        }
        if (seen == null) {
            seen = new HashSet<>();
        }
        return seen.add(name);
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

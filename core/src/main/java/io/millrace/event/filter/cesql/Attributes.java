package io.millrace.event.filter.cesql;

import io.millrace.event.AttributeValue;
import io.millrace.event.AttributeValue.BooleanValue;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import org.jspecify.annotations.Nullable;

/// Looks at an event's attributes by name without making values of their own for them.
public final class Attributes {
    private Attributes() {}

    /// The canonical text of an attribute; `null` if the event does not have it.
    public static @Nullable String text(Event event, String name) {
        return switch (name) {
            case "specversion" -> "1.0";
            case "id" -> event.id();
            case "source" -> event.source();
            case "type" -> event.type();
            case "subject" -> event.subject();
            case "time" -> time(event.time());
            case "datacontenttype" -> event.dataContentType();
            case "dataschema" -> event.dataSchema();
            default -> {
                AttributeValue value = event.extensions().get(name);
                yield value == null ? null : value.canonical();
            }
        };
    }

    /// The attribute as a Boolean, an Integer or else a String (CESQL, section 3.2); `null` if the
    /// event does not have it.
    static @Nullable Object value(Event event, String name) {
        AttributeValue extension = event.extensions().get(name);
        return switch (extension) {
            case BooleanValue(boolean value) -> value;
            case IntegerValue(int value) -> value;
            case null -> text(event, name);
            case AttributeValue other -> other.canonical();
        };
    }

    private static @Nullable String time(@Nullable Timestamp time) {
        return time == null ? null : time.text();
    }
}

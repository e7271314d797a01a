package io.millrace.event;

import io.millrace.event.AttributeValue.StringValue;
import io.millrace.event.AttributeValue.TimestampValue;
import io.millrace.event.AttributeValue.UriReferenceValue;
import io.millrace.event.AttributeValue.UriValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An event: a CloudEvent 1.0, immutable, with everything as it was written.
///
/// Data may be absent (`null`), which is not the same as empty. Data is bytes, whatever the binding
/// it came by; only `datacontenttype` says what they mean.
public final class Event {
    private final String id;
    private final String source;
    private final String type;
    private final @Nullable String subject;
    private final @Nullable Timestamp time;
    private final @Nullable String dataContentType;
    private final @Nullable String dataSchema;
    private final Map<String, AttributeValue> extensions;
    private final @Nullable Bytes data;

    Event(EventBuilder builder, String id, String source, String type) {
        this.id = id;
        this.source = source;
        this.type = type;
        this.subject = builder.subject;
        this.time = builder.time;
        this.dataContentType = builder.dataContentType;
        this.dataSchema = builder.dataSchema;
        this.extensions =
                builder.extensions.isEmpty()
                        ? Map.of()
                        : Collections.unmodifiableMap(new LinkedHashMap<>(builder.extensions));
        this.data = builder.data;
    }

    private Event(Event event, Bytes data) {
        this.id = event.id;
        this.source = event.source;
        this.type = event.type;
        this.subject = event.subject;
        this.time = event.time;
        this.dataContentType = event.dataContentType;
        this.dataSchema = event.dataSchema;
        this.extensions = event.extensions;
        this.data = data;
    }

    public static EventBuilder builder() {
        return new EventBuilder();
    }

    public String id() {
        return id;
    }

    /// A URI reference, as written.
    public String source() {
        return source;
    }

    public String type() {
        return type;
    }

    public @Nullable String subject() {
        return subject;
    }

    public @Nullable Timestamp time() {
        return time;
    }

    public @Nullable String dataContentType() {
        return dataContentType;
    }

    /// An absolute URI, as written.
    public @Nullable String dataSchema() {
        return dataSchema;
    }

    /// The extension attributes in the order in which they were written.
    public Map<String, AttributeValue> extensions() {
        return extensions;
    }

    /// The `partitionkey` extension, if it is there.
    public @Nullable String partitionKey() {
        AttributeValue key = extensions.get("partitionkey");
        return key == null ? null : key.canonical();
    }

    /// Any attribute by its name, `specversion` included; `null` if it is absent.
    public @Nullable AttributeValue attribute(String name) {
        return switch (name) {
            case "specversion" -> new StringValue("1.0");
            case "id" -> new StringValue(id);
            case "source" -> new UriReferenceValue(source);
            case "type" -> new StringValue(type);
            case "subject" -> subject == null ? null : new StringValue(subject);
            case "time" -> time == null ? null : new TimestampValue(time);
            case "datacontenttype" ->
                    dataContentType == null ? null : new StringValue(dataContentType);
            case "dataschema" -> dataSchema == null ? null : new UriValue(dataSchema);
            default -> extensions.get(name);
        };
    }

    /// The same event, whose data is no window on a larger array; for keeping it longer than what
    /// it came in.
    public Event withOwnData() {
        return data == null || data.backingArray().length == data.length()
                ? this
                : new Event(this, Bytes.wrap(data.toArray()));
    }

    /// The payload, or `null` if there is none.
    public @Nullable Bytes data() {
        return data;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Event that
                && id.equals(that.id)
                && source.equals(that.source)
                && type.equals(that.type)
                && Objects.equals(subject, that.subject)
                && Objects.equals(time, that.time)
                && Objects.equals(dataContentType, that.dataContentType)
                && Objects.equals(dataSchema, that.dataSchema)
                && extensions.equals(that.extensions)
                && Objects.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, source);
    }

    @Override
    public String toString() {
        return "Event[id=%s, source=%s, type=%s]".formatted(id, source, type);
    }
}

package io.millrace.connect.sink;

import io.millrace.delivery.DeliveryMode;
import io.millrace.event.AttributeValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.format.ByteSink;
import io.millrace.event.format.ContentMode;
import io.millrace.event.format.HttpHeaderValues;
import io.millrace.event.format.JsonFormat;
import io.millrace.event.format.MediaTypes;
import io.vertx.core.MultiMap;
import java.util.List;

/// Writes events into a request. Thread-safe.
final class EventMessage {
    private static final String CONTENT_TYPE = "content-type";
    private static final List<String> ATTRIBUTES =
            List.of("specversion", "id", "source", "type", "subject", "time", "dataschema");
    private static final int CAPACITY = 512;

    private final JsonFormat format = new JsonFormat();
    private final DeliveryMode mode;

    EventMessage(DeliveryMode mode) {
        this.mode = mode;
    }

    /// Adds what belongs to the events to a request's headers.
    ///
    /// @param events exactly one unless the mode is [DeliveryMode#BATCH]
    /// @return the body
    /// @throws IllegalArgumentException if an attribute is nothing that a header can carry
    Bytes write(List<Event> events, MultiMap headers) {
        return switch (mode) {
            case BATCH -> {
                headers.set(CONTENT_TYPE, MediaTypes.BATCH_JSON);
                ByteSink out = new ByteSink(CAPACITY * events.size());
                format.writeBatch(events, out);
                yield out.toBytes();
            }
            case STRUCTURED -> structured(events.getFirst(), headers);
            case BINARY ->
                    isBinarySafe(events.getFirst())
                            ? binary(events.getFirst(), headers)
                            : structured(events.getFirst(), headers);
        };
    }

    private Bytes structured(Event event, MultiMap headers) {
        headers.set(CONTENT_TYPE, MediaTypes.STRUCTURED_JSON);
        ByteSink out = new ByteSink(CAPACITY);
        format.write(event, out);
        return out.toBytes();
    }

    /// Whether the event comes out of a binary message as it went in. There a content type is all
    /// that tells empty data from none, and one of CloudEvents' own announces another mode.
    private static boolean isBinarySafe(Event event) {
        Bytes data = event.data();
        String type = event.dataContentType();
        if (data == null || type == null) {
            return (data == null || !data.isEmpty()) && (data != null || type == null);
        }
        return MediaTypes.mode(type) == ContentMode.BINARY;
    }

    private static Bytes binary(Event event, MultiMap headers) {
        for (String name : ATTRIBUTES) {
            AttributeValue value = event.attribute(name);
            if (value != null) {
                headers.set("ce-" + name, HttpHeaderValues.encode(value.canonical()));
            }
        }
        event.extensions()
                .forEach((name, value) ->
                        headers.set("ce-" + name, HttpHeaderValues.encode(value.canonical())));
        String type = event.dataContentType();
        if (type != null) {
            headers.set(CONTENT_TYPE, type);
        }
        Bytes data = event.data();
        return data == null ? Bytes.EMPTY : data;
    }
}

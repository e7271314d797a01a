package io.millrace.gateway.http.message;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.event.EventBuilder;
import io.millrace.event.format.ContentMode;
import io.millrace.event.format.JsonFormat;
import io.millrace.event.format.MediaTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a request's headers say of the events in it (CloudEvents HTTP protocol binding, section 3),
/// waiting for the body. Used by one thread at a time, and once.
public final class EventMessage {
    private final ContentMode mode;
    private final @Nullable String contentType;
    private final @Nullable EventBuilder attributes;
    private final boolean attributed;

    private EventMessage(RequestHead head, ContentMode mode) {
        this.mode = mode;
        this.contentType = head.contentType();
        this.attributed = head.hasAttributes();
        this.attributes = mode == ContentMode.BINARY ? head.takeEvent() : null;
    }

    /// @param head read with the attributes
    /// @throws MillraceException MEDIA_TYPE_UNSUPPORTED
    public static EventMessage of(RequestHead head) {
        ContentMode mode = MediaTypes.mode(head.contentType());
        if (mode == ContentMode.UNSUPPORTED) {
            throw new MillraceException(
                    ErrorCode.MEDIA_TYPE_UNSUPPORTED,
                    "content-type",
                    "events come as application/cloudevents+json, application/cloudevents-batch+json, or in"
                            + " binary mode");
        }
        return new EventMessage(head, mode);
    }

    /// Whether it has any number of events, in batched mode.
    public boolean isBatch() {
        return mode == ContentMode.BATCH_JSON;
    }

    /// Whether the headers had attributes of an event.
    public boolean isAttributed() {
        return attributed;
    }

    /// The one event of a message that is no batch.
    ///
    /// @throws MillraceException with everything that is wrong
    public Event single(JsonFormat format, Bytes content) {
        if (attributes == null) {
            return format.read(content);
        }
        if (contentType != null) {
            attributes.dataContentType(contentType).data(content);
        } else if (!content.isEmpty()) {
            attributes.data(content);
        }
        return attributes.build();
    }

    /// All events of the message; at least one.
    ///
    /// @param eventsMax how many a batch may have
    /// @throws MillraceException with everything that is wrong, fields named as in `[3].id`
    public List<Event> all(JsonFormat format, Bytes content, int eventsMax) {
        if (!isBatch()) {
            return List.of(single(format, content));
        }
        List<Event> batch = format.readBatch(content, eventsMax);
        if (batch.isEmpty()) {
            throw new MillraceException(ErrorCode.REQUEST_INVALID, "the batch has no events");
        }
        return batch;
    }
}

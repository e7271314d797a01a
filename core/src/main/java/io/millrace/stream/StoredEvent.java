package io.millrace.stream;

import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.log.Retain;

/// An event and what is known of it besides: where it belongs and where it is recorded.
///
/// @param recordedMillis when it was recorded, in milliseconds since 1970
/// @param retain what it does to the event that is retained in its context
public record StoredEvent(
        String stream,
        int partition,
        long offset,
        long recordedMillis,
        Context context,
        Event event,
        Retain retain)
        implements ContextNode.Newest {

    /// One that is retained.
    public StoredEvent(
            String stream,
            int partition,
            long offset,
            long recordedMillis,
            Context context,
            Event event) {
        this(stream, partition, offset, recordedMillis, context, event, Retain.LATEST);
    }

    @Override
    public Receipt receipt() {
        return new Receipt(stream, partition, offset);
    }
}

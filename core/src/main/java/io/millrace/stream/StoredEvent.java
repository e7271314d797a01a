package io.millrace.stream;

import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.log.Marks;
import io.millrace.log.Retain;

/// An event and what is known of it besides: where it belongs and where it is recorded.
///
/// @param recordedMillis when it was recorded, in milliseconds since 1970
/// @param marks what its publisher said about it besides
public record StoredEvent(
        String stream,
        int partition,
        long offset,
        long recordedMillis,
        Context context,
        Event event,
        Marks marks)
        implements ContextNode.Newest {

    /// One without marks.
    public StoredEvent(
            String stream,
            int partition,
            long offset,
            long recordedMillis,
            Context context,
            Event event) {
        this(stream, partition, offset, recordedMillis, context, event, Marks.NONE);
    }

    /// What it does to the event that is retained in its context.
    public Retain retain() {
        return marks.retain();
    }

    @Override
    public Receipt receipt() {
        return new Receipt(stream, partition, offset);
    }
}

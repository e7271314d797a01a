package io.millrace.stream;

import io.millrace.event.Context;
import io.millrace.event.Event;

/// An event and what is known of it besides: where it belongs and where it is recorded.
///
/// @param recordedMillis when it was recorded, in milliseconds since 1970
public record StoredEvent(
        String stream,
        int partition,
        long offset,
        long recordedMillis,
        Context context,
        Event event)
        implements ContextNode.Newest {

    /// Where it is recorded.
    public Receipt receipt() {
        return new Receipt(stream, partition, offset);
    }
}

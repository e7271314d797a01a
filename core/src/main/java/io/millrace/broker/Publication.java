package io.millrace.broker;

import io.millrace.event.Event;
import io.millrace.log.Marks;
import io.millrace.log.Retain;
import org.jspecify.annotations.Nullable;

/// An event to be published.
///
/// @param context the path it is published in, not percent-encoded; `null` takes it from the
///   event's source
/// @param event what happened
/// @param marks what its publisher says about it besides
public record Publication(@Nullable String context, Event event, Marks marks) {
    /// One of which nothing else is to be said.
    public Publication(@Nullable String context, Event event, Retain retain) {
        this(context, event, Marks.of(retain));
    }

    /// An event that is retained.
    public Publication(@Nullable String context, Event event) {
        this(context, event, Marks.NONE);
    }

    /// What it does to the event that is retained in its context.
    public Retain retain() {
        return marks.retain();
    }
}

package io.millrace.broker;

import io.millrace.event.Event;
import org.jspecify.annotations.Nullable;

/// An event to be published.
///
/// @param context the path it is published in, not percent-encoded; `null` takes it from the
///   event's source
/// @param event what happened
public record Publication(@Nullable String context, Event event) {}

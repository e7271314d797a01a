package io.millrace.broker;

import io.millrace.event.ContextPattern;
import io.millrace.stream.Start;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A read of a stream's history.
///
/// @param stream name
/// @param partition the only partition to read, or `null` for all of them merged
/// @param start where to begin
/// @param eventsMax at least 1
/// @param waitMax how long to wait if there is nothing to read yet
/// @param pattern which contexts to give out, or `null` for all
public record ReadRequest(
        String stream,
        @Nullable Integer partition,
        Start start,
        int eventsMax,
        Duration waitMax,
        @Nullable ContextPattern pattern) {}

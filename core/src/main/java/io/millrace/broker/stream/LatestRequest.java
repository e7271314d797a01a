package io.millrace.broker.stream;

import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import org.jspecify.annotations.Nullable;

/// Asks for a page of the [Latest] events.
///
/// @param retained only retained events: of each context that which a MQTT subscriber would get,
///   which may be older than its newest, or none
/// @param limit how many at most; a page of large events ends earlier
/// @param after the `next` of the page before; `null` for the first
public record LatestRequest(
        ContextPattern pattern, boolean retained, int limit, @Nullable Context after) {
    /// How many there may be on a page.
    public static final int LIMIT_MAX = 10_000;

    public LatestRequest {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("a page has 1 to %d events".formatted(LIMIT_MAX));
        }
    }
}

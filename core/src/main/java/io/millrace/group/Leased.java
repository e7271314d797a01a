package io.millrace.group;

import io.millrace.stream.StoredEvent;

/// An event that was given to a consumer, who has to settle it before the lease ends.
///
/// @param token proves that the consumer was given it; opaque
/// @param deadlineMillis when the lease ends, since 1970-01-01T00:00Z
/// @param deliveries how often it was given out, this time included
/// @param failures how many of those before failed
/// @param firstMillis when it was given out for the first time
public record Leased(
        String token,
        long deadlineMillis,
        int deliveries,
        int failures,
        long firstMillis,
        StoredEvent event) {
    /// By which it can be asked for once it is deferred.
    public EventNumber number() {
        GroupToken known = GroupToken.parse(token);
        boolean isOwn = known != null && known.group() == known.stream();
        return new EventNumber(isOwn ? null : event.stream(), event.partition(), event.offset());
    }
}

package io.millrace.dispatch;

import org.jspecify.annotations.Nullable;

/// How a dispatcher is doing; the numbers since it was made.
///
/// @param reason why it is not active, as a sentence; `null` if there is nothing to say
/// @param attempts deliveries that began
/// @param failed those that came to nothing
/// @param delivered events that arrived
/// @param deadLettered events that were given up as dead letters
/// @param dropped events that were given up where no dead letters are wanted
/// @param inFlight deliveries under way
/// @param perSecond events that arrived a second, over the last ten seconds
/// @param lastFailure the last thing that went wrong, as a sentence with its time; `null` if
///   nothing did
public record DispatchStatus(
        DispatchState state,
        @Nullable String reason,
        long attempts,
        long failed,
        long delivered,
        long deadLettered,
        long dropped,
        int inFlight,
        double perSecond,
        @Nullable String lastFailure) {}

package io.millrace.cursor;

import java.time.Duration;

/// Bounds of a cursor.
///
/// @param outstandingMax offsets that may be leased, waiting or deferred at once; nothing new is
///   taken while there are as many
/// @param scheduledMax offsets that may wait for a time of their own at once, besides those
/// @param failuresMax failed deliveries after which an offset is buried; a mere return is none
/// @param retryDelays how long an offset waits after its first, second, … failure; the last holds
///   for all that follow
/// @param ordered whether offsets of one key are delivered one at a time and in order
public record CursorConfig(
        int outstandingMax,
        int scheduledMax,
        int failuresMax,
        RetryDelays retryDelays,
        boolean ordered) {
    /// As queues have it: ten failures, given out again at once.
    public static final CursorConfig DEFAULT =
            new CursorConfig(10_000, 1_000_000, 10, new RetryDelays(Duration.ZERO), false);

    public CursorConfig {
        if (outstandingMax < 1 || scheduledMax < 1 || failuresMax < 1) {
            throw new IllegalArgumentException("a cursor's bounds must be positive");
        }
    }
}

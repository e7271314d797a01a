package io.millrace.cursor;

import java.time.Duration;

/// How long to wait after each failure. Immutable.
public final class RetryDelays {
    private final long[] millis;

    /// @param delays after the first failure, the second, and so on; at least one
    public RetryDelays(Duration... delays) {
        if (delays.length == 0) {
            throw new IllegalArgumentException("there must be a delay for the first failure");
        }
        millis = new long[delays.length];
        for (int i = 0; i < delays.length; i++) {
            millis[i] = delays[i].toMillis();
            if (millis[i] < 0) {
                throw new IllegalArgumentException("a delay cannot be negative: " + delays[i]);
            }
        }
    }

    /// @param failures until now, the last included; at least one
    long afterFailure(int failures) {
        return millis[Math.min(failures, millis.length) - 1];
    }
}

package io.millrace.cli.http;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next attempt: twice as long after each failure, up to a limit, and
/// spread by a fifth so that many clients do not come back at once.
///
/// Not thread-safe.
public final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(250);

    private final Duration limit;
    private final RandomGenerator random;
    private Duration next = FIRST;

    /// @param limit the longest wait, not counting the spread
    public Backoff(Duration limit, RandomGenerator random) {
        this.limit = limit;
        this.random = random;
    }

    /// The wait after another failure.
    public Duration next() {
        Duration wait = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(limit) > 0 ? limit : doubled;
        return Duration.ofNanos((long) (wait.toNanos() * random.nextDouble(0.8, 1.2)));
    }

    /// Begins anew, after a success.
    public void reset() {
        next = FIRST;
    }
}

package io.millrace.cli.process;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/// Time as commands see it, so that tests need not wait. Thread-safe.
public interface Time {
    /// The machine's clock.
    Instant now();

    /// Nanoseconds from an arbitrary origin; never goes backwards.
    long nanoTime();

    /// The zone in which times are shown to people.
    ZoneId zone();

    /// Waits, though not longer than until the process is asked to end.
    void pause(Duration duration) throws InterruptedException;
}

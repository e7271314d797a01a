package io.millrace.gateway.kafka.serial;

import java.time.Duration;

/// Runs actions one after the other, in the order in which they came, so that what they share needs
/// no lock. Thread-safe.
public interface Serial {
    /// Runs an action soon.
    void run(Runnable action);

    /// Runs an action after a while, unless it is cancelled before.
    Timer after(Duration delay, Runnable action);

    /// What is going to run.
    interface Timer {
        void cancel();
    }

    /// Milliseconds since 1970.
    long nowMillis();
}

package io.millrace.io;

/// Tells a sleeping agent that there is work. Thread-safe.
@FunctionalInterface
public interface Wakeup {
    void wake();
}

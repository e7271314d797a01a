package io.millrace.io;

/// Tells a sleeping agent that there is work. Thread-safe.
@FunctionalInterface
public interface Wakeup {
    void wake();

    /// Has the work done at once on the calling thread if the agent sleeps, which spares two
    /// threads from waking each other; wakes it else. For work that is brief, from threads that
    /// hold no lock and are not interrupted, as Java closes a file under a writer that is.
    default void workHere() {
        wake();
    }
}

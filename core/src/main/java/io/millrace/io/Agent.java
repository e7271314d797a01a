package io.millrace.io;

/// A loop body: does what there is to do and returns. Owned by whoever calls it: a thread of its
/// own in the server, or one that has borrowed it while that sleeps (see [Wakeup#workHere]); the
/// simulator's only thread in tests.
public interface Agent {
    String name();

    /// Does a bounded amount of work.
    ///
    /// @return how much was done; 0 means that there was nothing
    int doWork();

    /// Whether work is waiting. Thread-safe; asked before the thread goes to sleep.
    boolean hasWork();

    /// How long it may sleep if nobody wakes it, in nanoseconds; [Long#MAX_VALUE] if it need not
    /// work again until it is woken. Asked by the thread that works, before it goes to sleep.
    default long sleepNanosMax() {
        return Long.MAX_VALUE;
    }
}

package io.millrace.io;

/// Time as the server sees it. Thread-safe.
public interface Clock {
    /// Milliseconds since 1970-01-01T00:00Z; may jump in both directions.
    long epochMillis();

    /// Nanoseconds from an arbitrary origin; never goes backwards.
    long nanoTime();

    /// The machine's clock.
    static Clock system() {
        return new Clock() {
            @Override
            public long epochMillis() {
                return System.currentTimeMillis();
            }

            @Override
            public long nanoTime() {
                return System.nanoTime();
            }
        };
    }
}

package io.millrace.cursor;

/// What the holder of a lease says of it.
public sealed interface Settlement {
    /// It is done.
    record Complete() implements Settlement {}

    /// It is given back.
    ///
    /// @param delayMillis for so long it is not given out again
    /// @param failed whether the delivery counts as a failure; then the delay is at least that of
    ///   the retry policy
    record Release(long delayMillis, boolean failed) implements Settlement {
        public Release {
            if (delayMillis < 0) {
                throw new IllegalArgumentException("a delay cannot be negative");
            }
        }
    }

    /// It can never succeed: to the dead letters.
    record Reject() implements Settlement {}

    /// It is set aside.
    record Defer() implements Settlement {}

    /// It takes longer.
    ///
    /// @param leaseMillis from now
    record Renew(long leaseMillis) implements Settlement {
        public Renew {
            if (leaseMillis <= 0) {
                throw new IllegalArgumentException("a lease must last");
            }
        }
    }
}

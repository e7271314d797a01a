package io.millrace.example.building41;

import java.time.Duration;
import java.util.List;

/// Where signals leave the building. It keeps what it cannot get rid of, up to a limit, and brings
/// it out in the order of each context when it can.
///
/// Thread-safe.
interface Outlet {
    /// Takes signals over at once.
    void add(List<Signal> signals);

    /// Takes no more, and waits until all that waits is out, but no longer than `patience`.
    void close(Duration patience) throws InterruptedException;

    /// What became of the signals so far.
    Tally tally();

    /// How many signals there were, and what became of them.
    ///
    /// @param added those that were taken over
    /// @param published those that the server has acknowledged
    /// @param refused those that it will not take, however often they are sent
    /// @param dropped those that had to go because too many waited
    record Tally(long added, long published, long refused, long dropped) {
        static final Tally NONE = new Tally(0, 0, 0, 0);

        Tally plus(Tally other) {
            return new Tally(
                    added + other.added,
                    published + other.published,
                    refused + other.refused,
                    dropped + other.dropped);
        }

        /// Those that still wait, or that nobody has acknowledged.
        long unsent() {
            return added - published - refused - dropped;
        }
    }
}

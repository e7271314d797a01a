package io.millrace.delivery;

import io.millrace.event.Event;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Where a subscription pushes to. Thread-safe.
///
/// One call is one attempt. When to try again, how fast, and what becomes of events that cannot be
/// delivered, is the caller's to decide ([RetrySchedule], [RateLimiter]).
public interface Sink extends AutoCloseable {
    /// How many events one delivery may hold.
    int eventsMax();

    /// How many deliveries are under way at a time. The caller keeps to it; some more wait for
    /// their turn.
    int concurrencyMax();

    /// Begins to deliver.
    ///
    /// The future completes within the sink's time-out after the delivery's turn has come, on a
    /// thread of the sink, which must not be blocked; it never completes exceptionally. To give an
    /// attempt up, cancel the future: connections and memory are released soon after, but whether
    /// the other side has got the events is not known then.
    ///
    /// @param events at least one, at most [#eventsMax]
    /// @throws IllegalArgumentException with too few or too many events
    /// @throws java.util.concurrent.RejectedExecutionException if far more deliveries are under way
    ///   than allowed
    CompletableFuture<Outcome> deliver(List<Event> events);

    /// Ends what is under way, as [Outcome.RetryLater], and everything that comes later.
    @Override
    void close();
}

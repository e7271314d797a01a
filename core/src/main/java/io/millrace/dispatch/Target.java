package io.millrace.dispatch;

import io.millrace.delivery.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Where a dispatcher brings events. Thread-safe.
public interface Target extends AutoCloseable {
    /// How many events one delivery may hold.
    int eventsMax();

    /// How many deliveries may be under way at a time.
    int concurrencyMax();

    /// Makes one attempt. The future completes within the time-out that the dispatcher knows of, on
    /// any thread, and never exceptionally; cancelling it gives the attempt up.
    ///
    /// @param parcels at least one, at most [#eventsMax]
    /// @throws java.util.concurrent.RejectedExecutionException if too many are under way
    CompletableFuture<Outcome> deliver(List<Parcel> parcels);

    @Override
    void close();
}

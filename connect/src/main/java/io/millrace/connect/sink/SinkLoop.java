package io.millrace.connect.sink;

import io.millrace.io.Clock;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;

/// One event loop with its connections. Everything of a sink happens on one loop, so that nothing
/// of it needs a lock; [#run] is thread-safe, the rest is the loop's own.
///
/// @param lookups where names are resolved and addresses are checked
record SinkLoop(
        Vertx vertx, Context context, HttpClientAgent client, Lookups lookups, Clock clock) {

    /// What decides where a name leads.
    record Lookups(NameResolver resolver, AddressGuard guard) {}

    /// Does something on the loop, later if this is the loop already.
    void run(Runnable action) {
        context.runOnContext(_ -> action.run());
    }

    /// The time left until a `nanoTime`, in milliseconds; at least 1.
    long millisUntil(long deadlineNanos) {
        return Math.max(1, (deadlineNanos - clock.nanoTime()) / 1_000_000);
    }
}

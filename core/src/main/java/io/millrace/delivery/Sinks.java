package io.millrace.delivery;

import io.millrace.error.Problem;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Makes sinks from specifications: the door to whatever knows sockets. Thread-safe.
///
/// Futures complete on threads that must not be blocked.
public interface Sinks extends AutoCloseable {
    /// Makes a sink; nothing is connected to yet.
    ///
    /// @param spec with all its secrets
    /// @throws IllegalArgumentException if secrets are missing
    Sink open(DeliverySpec spec);

    /// Whether the addresses lead to where they may lead now, for a subscription that is being
    /// created. It is checked again at each connection.
    ///
    /// @return the problems with their fields, such as `push.url`; empty if there are none
    CompletableFuture<List<Problem>> check(DeliverySpec spec);

    /// Asks a sink for permission to push to it (CloudEvents http-webhook.md, section 4).
    ///
    /// @return completes within the time-out of the specification; exceptionally, with a reason as
    ///   its message, if the sink did not answer
    CompletableFuture<WebhookPermission> ask(DeliverySpec spec);

    /// Ends all connections. Sinks should be closed before.
    @Override
    void close();
}

package io.millrace.delivery;

import io.millrace.error.Problem;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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

    /// Asks a sink for permission to push to it (CloudEvents http-webhook.md, section 4). If this
    /// server can be called back, the sink is told where.
    ///
    /// @param later hears, once at most, that the sink granted permission by calling back, however
    ///   the question itself was answered; the same one for each time that one subscription asks.
    ///   It is called on any thread and must not block
    /// @return completes within the time-out of the specification; exceptionally, with a reason as
    ///   its message, if the sink did not answer
    CompletableFuture<WebhookPermission> ask(
            DeliverySpec spec, Consumer<WebhookPermission.Granted> later);

    /// Somebody called an address that a sink was given to grant permission through.
    ///
    /// @param key the last segment of the address
    /// @param allowedRate of `WebHook-Allowed-Rate`, if it is there
    /// @return whether there is such an address; it is gone now
    boolean calledBack(String key, @Nullable String allowedRate);

    /// Ends all connections. Sinks should be closed before.
    @Override
    void close();
}

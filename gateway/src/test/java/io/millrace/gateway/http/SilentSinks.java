package io.millrace.gateway.http;

import io.millrace.delivery.DeliverySpec;
import io.millrace.delivery.Outcome;
import io.millrace.delivery.Sink;
import io.millrace.delivery.Sinks;
import io.millrace.delivery.WebhookPermission;
import io.millrace.error.Problem;
import io.millrace.event.Event;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Sinks that may be anywhere, and that never answer.
final class SilentSinks implements Sinks {
    @Override
    public Sink open(DeliverySpec spec) {
        return new Sink() {
            @Override
            public int eventsMax() {
                return 1;
            }

            @Override
            public int concurrencyMax() {
                return 1;
            }

            @Override
            public CompletableFuture<Outcome> deliver(List<Event> events) {
                return new CompletableFuture<>();
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    @Override
    public CompletableFuture<List<Problem>> check(DeliverySpec spec) {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public CompletableFuture<WebhookPermission> ask(
            DeliverySpec spec, Consumer<WebhookPermission.Granted> later) {
        return CompletableFuture.completedFuture(new WebhookPermission.Granted(null));
    }

    @Override
    public boolean calledBack(String key, @Nullable String allowedRate) {
        return false;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}

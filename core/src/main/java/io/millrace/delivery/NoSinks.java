package io.millrace.delivery;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// For a server that pushes nowhere; subscriptions that push are refused before these are asked.
public final class NoSinks implements Sinks {
    private static MillraceException none() {
        return new MillraceException(
                ErrorCode.RESOURCE_INVALID, "push", "this server pushes nowhere");
    }

    @Override
    public Sink open(DeliverySpec spec) {
        throw none();
    }

    @Override
    public CompletableFuture<List<Problem>> check(DeliverySpec spec) {
        return CompletableFuture.completedFuture(none().problems());
    }

    @Override
    public CompletableFuture<WebhookPermission> ask(
            DeliverySpec spec, Consumer<WebhookPermission.Granted> later) {
        return CompletableFuture.failedFuture(none());
    }

    @Override
    public boolean calledBack(String key, @Nullable String allowedRate) {
        return false;
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}

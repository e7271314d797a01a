package io.millrace.broker.query;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Where the HTTP API of this server is reached by others. It is known only after the broker has
/// been opened, since a listener may take any free port. Thread-safe.
public final class ServerAddress {
    private final CompletableFuture<URI> address = new CompletableFuture<>();

    /// Tells it to all who wait.
    public void become(URI known) {
        address.complete(known);
    }

    /// @return `null` if it does not become known in that time
    public @Nullable URI await(long secondsMax) throws InterruptedException {
        try {
            return address.get(secondsMax, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException _) {
            return null;
        }
    }
}

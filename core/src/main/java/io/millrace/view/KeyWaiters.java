package io.millrace.view;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Who waits for a change of one key. Thread-safe; costs whoever changes one look-up.
final class KeyWaiters {
    private final ConcurrentHashMap<String, Waiting> keys = new ConcurrentHashMap<>();

    /// Those who wait for the same key.
    ///
    /// @param changed completed at the next change
    private record Waiting(int count, CompletableFuture<@Nullable Void> changed) {}

    /// Begins to wait: a change after this call ends the wait that follows.
    CompletableFuture<@Nullable Void> enter(String key) {
        return keys.merge(
                        key,
                        new Waiting(1, new CompletableFuture<>()),
                        (known, _) -> new Waiting(known.count + 1, known.changed))
                .changed;
    }

    /// Ends what [#enter] began.
    void leave(String key, CompletableFuture<@Nullable Void> changed) {
        keys.computeIfPresent(
                key,
                (_, known) ->
                        !known.changed.equals(changed)
                                ? known
                                : known.count == 1
                                        ? null
                                        : new Waiting(known.count - 1, known.changed));
    }

    void changed(String key) {
        if (!keys.isEmpty()) {
            Waiting waiting = keys.remove(key);
            if (waiting != null) {
                waiting.changed.complete(null);
            }
        }
    }

    void all() {
        keys.keySet().forEach(this::changed);
    }

    static void await(CompletableFuture<@Nullable Void> changed, Duration timeMax)
            throws InterruptedException {
        try {
            changed.get(timeMax.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            // Whoever waits looks at the clock.
        } catch (ExecutionException e) {
            throw new IllegalStateException("a wait cannot fail", e);
        }
    }
}

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

    /// Those who wait for the same change. The count is guarded by the map's entry.
    static final class Waiting {
        private final CompletableFuture<@Nullable Void> changed = new CompletableFuture<>();
        private int count;

        /// Waits for the change, or until the time is over.
        void await(Duration timeMax) throws InterruptedException {
            try {
                changed.get(timeMax.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                // Whoever waits looks at the clock.
            } catch (ExecutionException e) {
                throw new IllegalStateException("a wait cannot fail", e);
            }
        }
    }

    /// Begins to wait: a change after this call ends the wait that follows.
    Waiting enter(String key) {
        return keys.compute(
                key,
                (_, known) -> {
                    Waiting waiting = known == null ? new Waiting() : known;
                    waiting.count++;
                    return waiting;
                });
    }

    /// Ends what [#enter] began.
    void leave(String key, Waiting waiting) {
        keys.computeIfPresent(
                key,
                (_, known) -> {
                    if (known != waiting) {
                        return known;
                    }
                    known.count--;
                    return known.count == 0 ? null : known;
                });
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
}

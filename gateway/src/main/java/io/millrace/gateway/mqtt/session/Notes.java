package io.millrace.gateway.mqtt.session;

import io.millrace.error.MillraceException;
import java.util.ArrayDeque;

/// What waits until a session's progress is written down. Whatever comes while one write is under
/// way is written together by the next. Owned by the session's thread.
public final class Notes {
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long changes;
    private boolean isSaving;

    /// @param change its number
    private record Waiting(long change, Runnable then) {}

    /// Writes down how far a session has come.
    public interface Saving {
        /// Takes the session as it is now.
        ///
        /// @param done called on the session's thread, once; with `null` when it is on disk
        void save(Done done);
    }

    /// Hears how writing went.
    public interface Done {
        void done(@org.jspecify.annotations.Nullable MillraceException problem);
    }

    /// Runs an action when all changes so far are written down. If writing fails it is not run.
    void whenNoted(Saving saving, Runnable then, Done failed) {
        changes++;
        waiting.add(new Waiting(changes, then));
        if (!isSaving) {
            save(saving, failed);
        }
    }

    /// Whether a write is under way, or something that waits for one.
    boolean isBusy() {
        return isSaving || !waiting.isEmpty();
    }

    private void save(Saving saving, Done failed) {
        isSaving = true;
        long upTo = changes;
        saving.save(problem -> {
            isSaving = false;
            if (problem != null) {
                waiting.clear();
                failed.done(problem);
                return;
            }
            while (!waiting.isEmpty() && waiting.peek().change <= upTo) {
                waiting.remove().then.run();
            }
            if (!waiting.isEmpty() && !isSaving) {
                save(saving, failed);
            }
        });
    }
}

package io.millrace.broker;

import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.keyed.KeyedLog;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Which events have become jobs of a queue, so that one that is delivered or read again does not
/// become another. Thread-safe.
///
/// An event is noted when its job is stored. A crash in between is covered by the queue's own
/// window, in which the second job is known as a duplicate of the first.
record CauseLog(KeyedLog log) {
    /// @param queue its incarnation
    boolean contains(int queue, Event event) {
        return log.contains(key(queue, event));
    }

    /// @return done once it is on disk
    CompletableFuture<@Nullable Void> add(int queue, Event event) {
        return log.put(key(queue, event), Bytes.EMPTY);
    }

    private static String key(int queue, Event event) {
        return queue + " " + event.source() + " " + event.id();
    }
}

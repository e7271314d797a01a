package io.millrace.gateway.kafka.admin;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does changes one after the other in the order in which they came, on a virtual thread, where
/// they may wait. Thread-safe.
final class ChangeQueue {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeQueue.class);

    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean isWorking;

    synchronized void add(Runnable change) {
        waiting.addLast(change);
        if (!isWorking) {
            isWorking = true;
            Thread.ofVirtual().name("kafka-admin").start(this::work);
        }
    }

    private void work() {
        Runnable next = take();
        while (next != null) {
            try {
                next.run();
            } catch (RuntimeException e) {
                LOG.error("a change that an administrator asked for failed", e);
            }
            next = take();
        }
    }

    private synchronized @Nullable Runnable take() {
        Runnable next = waiting.pollFirst();
        isWorking = next != null;
        return next;
    }
}

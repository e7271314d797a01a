package io.millrace.dispatch;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets actions have their turn one after the other, on whichever thread brings them: nobody waits,
/// and what they share needs no lock. Whoever finds nobody at it carries out what comes meanwhile
/// too, so actions must be short. Thread-safe.
final class Turns {
    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

    private final String name;
    private final ConcurrentLinkedQueue<Runnable> actions = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /// @param name whose they are, for the log
    Turns(String name) {
        this.name = name;
    }

    /// Runs an action now, or after those that are before it.
    void run(Runnable action) {
        actions.add(action);
        if (waiting.getAndIncrement() == 0) {
            do {
                runNext();
            } while (waiting.decrementAndGet() > 0);
        }
    }

    private void runNext() {
        try {
            actions.remove().run();
        } catch (RuntimeException e) {
            LOG.error("{} failed in a step and goes on", name, e);
        }
    }
}

package io.millrace.io;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs an agent on a thread of its own, which sleeps while there is no work. While it sleeps it
/// may lend the agent to another thread, so the agent is always with one thread at most, and each
/// sees what the one before did.
public final class AgentThread implements Wakeup, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentThread.class);

    private final Agent agent;
    private final Thread thread;
    private final AtomicReference<Place> place = new AtomicReference<>(Place.HERE);
    private volatile boolean stopped;

    /// Where the agent is.
    private enum Place {
        /// With this thread.
        HERE,
        /// With nobody: this thread sleeps, or is about to.
        RESTING,
        /// With another thread.
        LENT,
        /// With another thread, and this one waits for it.
        AWAITED
    }

    public AgentThread(Agent agent) {
        this.agent = agent;
        this.thread = Thread.ofPlatform().name(agent.name()).daemon(false).unstarted(this::loop);
    }

    public void start() {
        thread.start();
    }

    /// Wakes the thread if it sleeps. Cheap if it does not: one volatile read. Whoever has borrowed
    /// the agent looks for work when giving it back.
    @Override
    public void wake() {
        if (place.get() == Place.RESTING) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void workHere() {
        if (stopped || !place.compareAndSet(Place.RESTING, Place.LENT)) {
            wake();
            return;
        }
        boolean isTimed = true;
        try {
            work();
            isTimed = agent.sleepNanosMax() != Long.MAX_VALUE;
        } finally {
            boolean isAwaited = place.getAndSet(Place.RESTING) == Place.AWAITED;
            if (isAwaited || isTimed || stopped || agent.hasWork()) {
                LockSupport.unpark(thread);
            }
        }
    }

    private void loop() {
        while (!stopped) {
            if (work() == 0) {
                rest();
            }
        }
        while (agent.hasWork() && work() > 0) {
            // What was accepted before the stop is finished.
        }
    }

    private void rest() {
        long nanosMax = agent.sleepNanosMax();
        // Announcing sleep before the last look closes the gap in which a wake-up could be missed.
        place.set(Place.RESTING);
        if (!agent.hasWork() && !stopped) {
            sleep(nanosMax);
        }
        while (!place.compareAndSet(Place.RESTING, Place.HERE)) {
            if (place.get() == Place.AWAITED || place.compareAndSet(Place.LENT, Place.AWAITED)) {
                LockSupport.park(agent);
            }
        }
    }

    private void sleep(long nanosMax) {
        if (nanosMax == Long.MAX_VALUE) {
            LockSupport.park(agent);
        } else {
            LockSupport.parkNanos(agent, nanosMax);
        }
    }

    private int work() {
        try {
            return agent.doWork();
        } catch (RuntimeException | Error e) {
            // An agent answers for its own failures; one that escapes must not end the loop of
            // everybody else's work.
            LOG.error("{} failed and goes on", agent.name(), e);
            return 1;
        }
    }

    /// Lets the agent finish what it has and waits for the thread to end.
    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

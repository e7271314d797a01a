package io.millrace.io;

import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs an agent on a thread of its own, which sleeps while there is no work.
public final class AgentThread implements Wakeup, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentThread.class);

    private final Agent agent;
    private final Thread thread;
    private volatile boolean asleep;
    private volatile boolean stopped;

    public AgentThread(Agent agent) {
        this.agent = agent;
        this.thread = Thread.ofPlatform().name(agent.name()).daemon(false).unstarted(this::loop);
    }

    public void start() {
        thread.start();
    }

    /// Wakes the thread if it sleeps. Cheap if it does not: one volatile read.
    @Override
    public void wake() {
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    private void loop() {
        while (!stopped) {
            if (work() == 0) {
                // Announcing sleep before the last look closes the gap in which a wake-up could be
                // missed.
                asleep = true;
                if (!agent.hasWork() && !stopped) {
                    sleep();
                }
                asleep = false;
            }
        }
        while (agent.hasWork() && work() > 0) {
            // What was accepted before the stop is finished.
        }
    }

    private void sleep() {
        long nanosMax = agent.sleepNanosMax();
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

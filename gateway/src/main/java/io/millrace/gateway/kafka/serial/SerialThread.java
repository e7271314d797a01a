package io.millrace.gateway.kafka.serial;

import io.millrace.io.Clock;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A [Serial] with a thread of its own, which begins with the first action.
public final class SerialThread implements Serial, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SerialThread.class);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final String name;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor executor;

    public SerialThread(String name, Clock clock) {
        this.name = name;
        this.clock = clock;
        this.executor =
                new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name(name).factory());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void run(Runnable action) {
        try {
            executor.execute(() -> guarded(action));
        } catch (RejectedExecutionException _) {
            // The server is stopping; whoever waits for an answer loses its connection.
        }
    }

    @Override
    public Timer after(Duration delay, Runnable action) {
        try {
            Future<?> due =
                    executor.schedule(
                            () -> guarded(action), delay.toMillis(), TimeUnit.MILLISECONDS);
            return () -> due.cancel(false);
        } catch (RejectedExecutionException _) {
            return () -> {};
        }
    }

    private void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("{} failed in an action and goes on", name, e);
        }
    }

    @Override
    public long nowMillis() {
        return clock.epochMillis();
    }

    /// Lets what was handed over run, and ends the thread.
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("{} did not end in time", name);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.millrace.io;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives each agent a thread. Thread-safe.
public final class AgentThreads implements Threading {
    private static final Logger LOG = LoggerFactory.getLogger(AgentThreads.class);

    private final List<AgentThread> threads = new ArrayList<>();
    private final List<Thread> tickers = new ArrayList<>();
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    @Override
    public synchronized Wakeup run(Agent agent) {
        AgentThread thread = new AgentThread(agent);
        threads.add(thread);
        thread.start();
        return thread;
    }

    @Override
    public synchronized void every(String name, Duration interval, Runnable action) {
        tickers.add(Thread.ofVirtual().name(name).start(() -> tick(name, interval, action)));
    }

    private static void tick(String name, Duration interval, Runnable action) {
        while (true) {
            try {
                Thread.sleep(interval);
                action.run();
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                LOG.error("{} failed and is tried again in {}", name, interval, e);
            }
        }
    }

    @Override
    public void after(String name, Duration delay, Runnable action) {
        Thread.ofVirtual().name(name).start(() -> wait(name, delay, action));
    }

    private void wait(String name, Duration delay, Runnable action) {
        try {
            if (delay.isPositive()) {
                waiting.add(Thread.currentThread());
                try {
                    // Looked at after the thread can be found: whoever closes sees one of the two.
                    if (!closed) {
                        Thread.sleep(delay);
                    }
                } finally {
                    waiting.remove(Thread.currentThread());
                }
            }
            if (!closed) {
                action.run();
            }
        } catch (InterruptedException _) {
            // The server stops.
        } catch (RuntimeException e) {
            LOG.error("{} failed", name, e);
        }
    }

    @Override
    public <T extends @Nullable Object> T await(CompletableFuture<T> result) {
        return result.join();
    }

    @Override
    public synchronized void close() {
        closed = true;
        tickers.forEach(Thread::interrupt);
        waiting.forEach(Thread::interrupt);
        threads.forEach(AgentThread::close);
    }
}

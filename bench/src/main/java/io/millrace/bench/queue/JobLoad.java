package io.millrace.bench.queue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// Publishers and workers of one queue, each on a thread of its own. Publishers pause while too
/// many jobs are not settled, so that no broker is measured with a backlog that grows.
final class JobLoad {
    static final int BATCH = 100;

    private static final int UNSETTLED_MAX = 10_000;
    private static final long LEAD_MILLIS = 500;
    private static final long DRAIN_SECONDS_MAX = 120;

    private final WorkQueue queue;
    private final int publisherCount;
    private final int workerCount;
    private final List<WorkQueue.Publisher> publishers = new ArrayList<>();
    private final List<WorkQueue.Worker> workers = new ArrayList<>();
    private final ExecutorService threads =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());
    private final Semaphore room = new Semaphore(UNSETTLED_MAX);
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong settled = new AtomicLong();
    private volatile boolean publishing;
    private volatile boolean draining;

    JobLoad(WorkQueue queue, int publisherCount, int workerCount) {
        this.queue = queue;
        this.publisherCount = publisherCount;
        this.workerCount = workerCount;
    }

    /// Anew for each round, as servers close connections that idle while others have their turn.
    private void connect() throws IOException, InterruptedException {
        for (int i = 0; i < publisherCount; i++) {
            publishers.add(queue.publisher());
        }
        for (int i = 0; i < workerCount; i++) {
            workers.add(queue.worker());
        }
    }

    /// What a round has found.
    ///
    /// @param jobs settled while it was measured
    /// @param nanos how long it was measured
    /// @param serverMillis processor time of the broker
    /// @param clientMillis processor time of this process, with publishers, workers and their
    ///   clients
    record Outcome(long jobs, long nanos, long serverMillis, long clientMillis) {
        double perSecond() {
            return jobs * 1e9 / nanos;
        }

        /// Seconds of processor time for a million jobs.
        double serverSeconds() {
            return serverMillis * 1e3 / jobs;
        }

        double clientSeconds() {
            return clientMillis * 1e3 / jobs;
        }
    }

    /// Publishes and works for so long, and then works until everything is settled.
    Outcome run(Duration duration) throws IOException, InterruptedException {
        connect();
        publishing = true;
        draining = false;
        List<Future<?>> working = start(workers, this::work);
        List<Future<?>> sending = start(publishers, this::publish);
        TimeUnit.MILLISECONDS.sleep(LEAD_MILLIS);
        long begun = System.nanoTime();
        long jobs = settled.get();
        long server = queue.cpuMillis();
        long client = ownMillis();
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        Outcome outcome =
                new Outcome(
                        settled.get() - jobs,
                        System.nanoTime() - begun,
                        queue.cpuMillis() - server,
                        ownMillis() - client);
        publishing = false;
        // Publishers first: only then it is known how many there are to settle.
        await(sending);
        draining = true;
        await(working);
        if (settled.get() != published.get()) {
            throw new IOException(
                    "%d jobs were published and %d settled"
                            .formatted(published.get(), settled.get()));
        }
        disconnect();
        return outcome;
    }

    private static long ownMillis() {
        var system =
                (com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1_000_000;
    }

    private interface Work<T> {
        void on(T client) throws IOException, InterruptedException;
    }

    private <T> List<Future<?>> start(List<T> clients, Work<T> work) {
        List<Future<?>> running = new ArrayList<>();
        for (T client : clients) {
            Callable<Boolean> task =
                    () -> {
                        work.on(client);
                        return true;
                    };
            running.add(threads.submit(task));
        }
        return running;
    }

    private void publish(WorkQueue.Publisher publisher) throws IOException, InterruptedException {
        while (publishing) {
            if (room.tryAcquire(BATCH, 100, TimeUnit.MILLISECONDS)) {
                publisher.publish(BATCH);
                published.addAndGet(BATCH);
            }
        }
    }

    private void work(WorkQueue.Worker worker) throws IOException, InterruptedException {
        while (!draining || settled.get() < published.get()) {
            int jobs = worker.work(BATCH);
            room.release(jobs);
            settled.addAndGet(jobs);
        }
    }

    private static void await(List<Future<?>> running) throws IOException, InterruptedException {
        try {
            for (Future<?> each : running) {
                each.get(DRAIN_SECONDS_MAX, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("a publisher or worker failed", e);
        }
    }

    private void disconnect() throws IOException, InterruptedException {
        for (WorkQueue.Publisher publisher : publishers) {
            publisher.disconnect();
        }
        for (WorkQueue.Worker worker : workers) {
            worker.disconnect();
        }
        publishers.clear();
        workers.clear();
    }
}

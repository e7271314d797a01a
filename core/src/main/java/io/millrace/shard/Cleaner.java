package io.millrace.shard;

import io.millrace.error.MillraceException;
import io.millrace.io.Agent;
import io.millrace.io.Wakeup;
import io.millrace.log.Cleaning;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Retains and compacts partitions beside their shards, so that publishers do not wait for it.
///
/// One partition at a time, whatever their number, so that memory and disk are used by one only.
/// What a cleaning made is published by the partition's shard, for which this agent waits without
/// doing anything else.
public final class Cleaner implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Cleaner.class);

    private final String name;
    private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Wakeup wakeup;

    /// Set by this agent, cleared by the shard that has published.
    private volatile boolean publishing;

    /// The agent's own.
    private volatile @Nullable Task current;

    private record Task(Partition partition, Shard shard, Cleaning cleaning) {}

    public Cleaner(String name) {
        this.name = name;
    }

    /// Names whom to wake when work arrives; without one, somebody else calls [#doWork].
    public void wakeup(Wakeup wakeup) {
        this.wakeup = wakeup;
    }

    /// Thread-safe. Each partition has at most one cleaning.
    void clean(Partition partition, Shard shard, Cleaning cleaning) {
        tasks.add(new Task(partition, shard, cleaning));
        wake();
    }

    private void wake() {
        Wakeup waker = wakeup;
        if (waker != null) {
            waker.wake();
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean hasWork() {
        return !publishing && (current != null || !tasks.isEmpty());
    }

    @Override
    public int doWork() {
        if (publishing) {
            return 0;
        }
        Task task = current;
        if (task == null) {
            task = tasks.poll();
            current = task;
        }
        if (task == null) {
            return 0;
        }
        switch (step(task)) {
            case STEP -> {}
            case PUBLISH -> publish(task);
            case DONE -> current = null;
        }
        return 1;
    }

    private static Cleaning.Next step(Task task) {
        try {
            return task.cleaning.step();
        } catch (MillraceException e) {
            // The partition's state or the next reader tells those who need to know.
            LOG.warn("{} is not cleaned: {}", task.partition, e.getMessage());
            return Cleaning.Next.DONE;
        } catch (RuntimeException e) {
            LOG.error("{} is not cleaned", task.partition, e);
            return Cleaning.Next.DONE;
        }
    }

    private void publish(Task task) {
        publishing = true;
        task.shard.run(() -> {
            try {
                task.cleaning.publish();
            } finally {
                publishing = false;
                wake();
            }
        });
    }
}

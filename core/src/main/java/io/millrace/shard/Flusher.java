package io.millrace.shard;

import io.millrace.error.MillraceException;
import io.millrace.io.Agent;
import io.millrace.io.Wakeup;
import io.millrace.log.Log;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Flushes partitions beside their shard, so that the shard goes on writing while a disk is busy:
/// what it writes meanwhile is covered by the next flush.
public final class Flusher implements Agent {
    private final String name;
    private final ConcurrentLinkedQueue<Task> tasks = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Wakeup wakeup;

    private record Task(Log log, Consumer<@Nullable MillraceException> whenDone) {}

    public Flusher(String name) {
        this.name = name;
    }

    /// Names whom to wake when work arrives; without one, somebody else calls [#doWork].
    public void wakeup(Wakeup wakeup) {
        this.wakeup = wakeup;
    }

    /// Thread-safe. The shard has at most one task for each of its partitions here.
    void flush(Partition partition, Shard shard) {
        flush(partition.log(), problem -> shard.flushed(new Flushed(partition, problem)));
    }

    /// Flushes a log. Thread-safe.
    ///
    /// @param whenDone told on the flusher's thread what went wrong, or `null`
    public void flush(Log log, Consumer<@Nullable MillraceException> whenDone) {
        tasks.add(new Task(log, whenDone));
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
    public int doWork() {
        Task task = tasks.poll();
        if (task == null) {
            return 0;
        }
        MillraceException problem = null;
        try {
            task.log.flush();
        } catch (MillraceException e) {
            problem = e;
        }
        task.whenDone.accept(problem);
        return 1;
    }

    @Override
    public boolean hasWork() {
        return !tasks.isEmpty();
    }
}

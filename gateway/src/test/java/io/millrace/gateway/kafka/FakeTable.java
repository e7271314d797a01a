package io.millrace.gateway.kafka;

import io.millrace.broker.DurableTable;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A [DurableTable] in memory. Writes are done at once unless the test holds them back, and can be
/// made to fail.
public final class FakeTable implements DurableTable {
    private final TreeMap<String, Bytes> values = new TreeMap<>();
    private final Deque<Held> held = new ArrayDeque<>();
    private boolean holding;
    private int writes;
    private @Nullable MillraceException problem;

    private record Held(List<Change> changes, CompletableFuture<@Nullable Void> done) {}

    @Override
    public synchronized CompletableFuture<@Nullable Void> write(List<Change> changes) {
        if (changes.isEmpty()) {
            throw new IllegalArgumentException("a write has one change at least");
        }
        MillraceException now = problem;
        if (now != null) {
            return CompletableFuture.failedFuture(now);
        }
        writes++;
        Held write = new Held(List.copyOf(changes), new CompletableFuture<>());
        if (holding) {
            held.addLast(write);
        } else {
            finish(write);
        }
        return write.done;
    }

    private void finish(Held write) {
        for (Change change : write.changes) {
            Bytes value = change.value();
            if (value == null) {
                values.remove(change.key());
            } else {
                values.put(change.key(), value);
            }
        }
        write.done.complete(null);
    }

    @Override
    public void forEach(BiConsumer<String, Bytes> each) {
        contents().forEach(each);
    }

    /// What is on disk, by key.
    public synchronized Map<String, Bytes> contents() {
        return new TreeMap<>(values);
    }

    /// Writes wait from now on.
    public synchronized void hold() {
        holding = true;
    }

    /// Does what was held back, in order, and holds no more.
    public void release() {
        synchronized (this) {
            holding = false;
        }
        while (releaseOne()) {
            // Until nothing is left.
        }
    }

    /// Does the first write that was held back; `false` if there is none.
    public boolean releaseOne() {
        synchronized (this) {
            Held first = held.pollFirst();
            if (first == null) {
                return false;
            }
            finish(first);
            return true;
        }
    }

    /// A crash: what was held back is lost, and a new table has what was on disk.
    public synchronized FakeTable crashed() {
        FakeTable next = new FakeTable();
        next.values.putAll(values);
        return next;
    }

    /// All writes fail from now on.
    ///
    /// @param problem `null` for no more
    public synchronized void failWith(@Nullable MillraceException problem) {
        this.problem = problem;
    }

    /// Writes so far.
    public synchronized int writes() {
        return writes;
    }
}

package io.millrace.query.sink;

import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Where the rows of a statement wait for whoever runs it: bounded, so that a slow reader slows the
/// statement down. As with `Doors`, operators find it by its name.
public final class RowQueue implements AutoCloseable {
    private static final Map<String, RowQueue> OPEN = new ConcurrentHashMap<>();
    private static final int ROWS_MAX = 1_000;

    private final String name;
    private final BlockingQueue<Row> rows = new ArrayBlockingQueue<>(ROWS_MAX);
    private volatile boolean closed;

    /// @param op `+I`, `-U`, `+U` or `-D`
    public record Row(String op, ObjectNode values) {}

    public RowQueue(String name) {
        this.name = name;
        OPEN.put(name, this);
    }

    public String name() {
        return name;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    static @Nullable RowQueue find(String name) {
        return OPEN.get(name);
    }

    void put(Row row) throws InterruptedException {
        while (!closed && !rows.offer(row, 100, TimeUnit.MILLISECONDS)) {
            // The reader is slow; look now and then whether it is still there.
        }
    }

    /// @return `null` if nothing has come in that time
    public @Nullable Row poll(long millis) throws InterruptedException {
        return rows.poll(millis, TimeUnit.MILLISECONDS);
    }

    /// Whoever writes is held up no more.
    public void end() {
        closed = true;
    }

    @Override
    public void close() {
        end();
        OPEN.remove(name);
    }
}

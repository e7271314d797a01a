package io.millrace.broker.topic;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Threading;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Work for many writers: what is short is done at once on the thread that brings it, what may take
/// its time on a thread of its own. The work of one writer is done one after the other in the order
/// in which it came, so short work waits behind long work of the same writer, and only there.
/// Thread-safe.
final class OrderedWork {
    private final String name;
    private final Threading threading;

    /// Writers with long work under way, with what has come since. Changed under its lock.
    private final Map<Object, Deque<Work>> lines = new ConcurrentHashMap<>();

    private record Work(Runnable action, Consumer<? super MillraceException> whenRefused) {}

    /// @param name of the threads for long work
    OrderedWork(String name, Threading threading) {
        this.name = name;
        this.threading = threading;
    }

    /// Does work now, or later if it is long or something of the same writer's is not done yet.
    ///
    /// @param writer equal for what has to stay in order
    /// @param whenRefused hears what work that is done later throws
    /// @throws RuntimeException what work that is done at once throws
    void run(
            Object writer,
            boolean isLong,
            Runnable action,
            Consumer<? super MillraceException> whenRefused) {
        // Whoever brings the work of one writer in order sees the line that it has made.
        if (!isLong && !lines.containsKey(writer)) {
            action.run();
            return;
        }
        boolean isFirst;
        synchronized (lines) {
            Deque<Work> line = lines.get(writer);
            isFirst = line == null;
            if (line == null) {
                line = new ArrayDeque<>();
                lines.put(writer, line);
            }
            line.add(new Work(action, whenRefused));
        }
        if (isFirst) {
            threading.after(name, Duration.ZERO, () -> drain(writer));
        }
    }

    private void drain(Object writer) {
        for (Work work = next(writer); work != null; work = next(writer)) {
            try {
                work.action.run();
            } catch (MillraceException e) {
                work.whenRefused.accept(e);
            } catch (RuntimeException e) {
                work.whenRefused.accept(
                        new MillraceException(
                                ErrorCode.INTERNAL, "a batch was not taken in: " + e, e));
            }
        }
    }

    /// The line stays until the last in it is done.
    private @Nullable Work next(Object writer) {
        synchronized (lines) {
            Deque<Work> line = lines.get(writer);
            Work next = line == null ? null : line.poll();
            if (next == null) {
                lines.remove(writer);
            }
            return next;
        }
    }
}

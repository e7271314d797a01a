package io.millrace.query.remote;

import io.millrace.error.MillraceException;
import io.millrace.log.LogSlice;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Reads a partition of the server ahead of its reader, a few pieces, and waits at its end for
/// more. A thread of its own fetches; one reader takes.
final class ReadAhead {
    private static final int SLICE_BYTES = 1 << 20;
    private static final int SLICES_MAX = 3;

    /// How long the server waits for more: so old is what is known of its clock at most.
    private static final long WAIT_MILLIS = 200;

    private static final long RETRY_MILLIS = 200;
    private static final long UNREACHABLE_SECONDS = 10;

    private final RemoteFeed feed;
    private final Runnable action;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread = Thread.ofVirtual().name("read-ahead").unstarted(this::run);

    // Guarded by the lock.
    private final Queue<LogSlice> ready = new ArrayDeque<>();
    private long fetched;
    private long taken;
    private int turn;
    private @Nullable Exception failure;

    private volatile boolean failed;
    private volatile boolean closed;

    /// @param offset to begin at
    /// @param action when there is more
    ReadAhead(RemoteFeed feed, long offset, Runnable action) {
        this.feed = feed;
        this.action = action;
        this.fetched = offset;
        this.taken = offset;
    }

    void start() {
        thread.start();
    }

    boolean hasFailed() {
        return failed;
    }

    /// The next piece; waits for it.
    LogSlice take(long offset) throws IOException {
        lock.lock();
        try {
            if (offset != taken) {
                begin(offset);
            }
            while (ready.isEmpty() && failure == null && !closed) {
                changed.await();
            }
            Exception problem = failure;
            if (ready.isEmpty() && problem != null) {
                throw thrown(problem);
            }
            LogSlice slice = ready.poll();
            if (slice == null) {
                throw new InterruptedIOException("the query is being stopped");
            }
            taken = slice.nextOffset();
            changed.signalAll();
            return slice;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the query is being stopped");
        } finally {
            lock.unlock();
        }
    }

    private static IOException thrown(Exception problem) {
        return switch (problem) {
            case MillraceException e -> throw e;
            case IOException e -> e;
            default -> new IOException(problem);
        };
    }

    private void begin(long offset) {
        ready.clear();
        failure = null;
        failed = false;
        fetched = offset;
        taken = offset;
        turn++;
        changed.signalAll();
    }

    private void run() {
        try {
            while (!closed) {
                step();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() throws InterruptedException {
        long offset;
        int mine;
        lock.lockInterruptibly();
        try {
            while ((ready.size() >= SLICES_MAX || failure != null) && !closed) {
                changed.await();
            }
            offset = fetched;
            mine = turn;
        } finally {
            lock.unlock();
        }
        LogSlice slice = null;
        Exception problem = null;
        try {
            slice = fetch(offset);
        } catch (IOException | RuntimeException e) {
            problem = e;
        }
        if (closed) {
            return;
        }
        accept(mine, offset, slice, problem);
    }

    /// A server that is started anew is not worth a restart of the query.
    private LogSlice fetch(long offset) throws IOException, InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(UNREACHABLE_SECONDS);
        while (true) {
            try {
                return feed.fetch(offset, SLICE_BYTES, WAIT_MILLIS).slice();
            } catch (IOException e) {
                if (closed || System.nanoTime() > until) {
                    throw e;
                }
                Thread.sleep(RETRY_MILLIS);
            }
        }
    }

    private void accept(
            int mine, long offset, @Nullable LogSlice slice, @Nullable Exception problem) {
        boolean tell = false;
        lock.lock();
        try {
            if (mine == turn) {
                if (slice == null) {
                    failure = problem;
                    failed = true;
                    tell = true;
                } else if (slice.nextOffset() != offset) {
                    ready.add(slice);
                    fetched = slice.nextOffset();
                    tell = true;
                }
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (tell) {
            action.run();
        }
    }

    void close() {
        closed = true;
        thread.interrupt();
    }
}

package io.millrace.gateway.http.call;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// What has been written for a client and has not gone into its socket yet.
///
/// One thread writes, and waits here while there is more than [#BYTES_MAX]; event loops tell what
/// has become of it.
public final class Pending {
    public static final int BYTES_MAX = 256 << 10;
    private static final Duration GLANCE = Duration.ofMillis(100);

    /// A client that takes nothing for so long is given up.
    private static final Duration STALL_MAX = Duration.ofSeconds(30);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long bytes;
    private boolean gone;

    /// @return `false` if the client has gone, and nothing need be written
    public boolean add(int more) {
        lock.lock();
        try {
            bytes += more;
            return !gone;
        } finally {
            lock.unlock();
        }
    }

    /// Tells what became of bytes that were added.
    public void done(int written, boolean succeeded) {
        lock.lock();
        try {
            bytes -= written;
            gone |= !succeeded;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The client has gone.
    public void gone() {
        done(0, false);
    }

    public long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until there is room for more.
    ///
    /// @param hopeless asked now and then while waiting; ends the wait
    /// @throws MillraceException SLOW_CONSUMER if the wait is hopeless or lasts too long
    /// @throws InterruptedException if the client has gone
    public void awaitRoom(BooleanSupplier hopeless) throws InterruptedException {
        if (await(BYTES_MAX, STALL_MAX, hopeless)) {
            return;
        }
        if (isGone()) {
            throw new InterruptedException();
        }
        throw new MillraceException(
                ErrorCode.SLOW_CONSUMER, "events come faster than this connection takes them");
    }

    /// Waits until all is sent, the client has gone or the time is over.
    ///
    /// @return whether all is sent
    public boolean flush(Duration atMost) throws InterruptedException {
        return await(0, atMost, () -> false);
    }

    private boolean await(long bytesMax, Duration atMost, BooleanSupplier hopeless)
            throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (!gone && bytes > bytesMax && left > 0 && !hopeless.getAsBoolean()) {
                long glance = Math.min(left, GLANCE.toNanos());
                left -= glance - Math.max(0, changed.awaitNanos(glance));
            }
            return !gone && bytes <= bytesMax;
        } finally {
            lock.unlock();
        }
    }

    private boolean isGone() {
        lock.lock();
        try {
            return gone;
        } finally {
            lock.unlock();
        }
    }
}

package io.millrace.cli.process;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The real clock and the real end of the process. The shutdown hook calls [#stop] on a thread of
/// its own; everything else runs on the command's thread.
public final class SystemProcess implements Time, Lifetime {
    private static final long HOLD_SECONDS_MAX = 10;

    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile CountDownLatch held = new CountDownLatch(0);

    /// Asks the command to end and waits for what must be finished.
    public void stop() {
        stop.countDown();
        try {
            var _ = held.await(HOLD_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean stopping() {
        return stop.getCount() == 0;
    }

    @Override
    public Hold hold() {
        CountDownLatch hold = new CountDownLatch(1);
        held = hold;
        return hold::countDown;
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public ZoneId zone() {
        return ZoneId.systemDefault();
    }

    @Override
    public void pause(Duration duration) throws InterruptedException {
        var _ = stop.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }
}

package io.millrace.delivery;

import org.jspecify.annotations.Nullable;

/// Keeps deliveries to the rate that a sink allows (CloudEvents http-webhook.md, section 4.2.2): in
/// no period of 60 seconds do more than so many begin. Within that they may bunch up to a second's
/// worth, so that a sender who wakes late loses little. Times are `nanoTime`s. Owned by one thread.
public final class RateLimiter {
    private static final long MINUTE_NANOS = 60_000_000_000L;

    /// Time between two deliveries at full pace; 0 without a limit.
    private final long intervalNanos;

    /// How far ahead of that pace they may be.
    private final long aheadNanos;

    private long paceNanos;
    private long heldUntilNanos;
    private boolean started;

    /// @param perMinute how many deliveries may begin in a minute; `null` for no limit
    public RateLimiter(@Nullable Integer perMinute) {
        if (perMinute == null) {
            intervalNanos = 0;
            aheadNanos = 0;
            return;
        }
        if (perMinute < 1) {
            throw new IllegalArgumentException("at least one delivery a minute must be allowed");
        }
        int bunch = Math.max(1, perMinute / 60);
        // A whole bunch, and then one after each interval, is what fits a minute exactly.
        intervalNanos = Math.ceilDiv(MINUTE_NANOS, perMinute - bunch + 1);
        aheadNanos = (bunch - 1) * intervalNanos;
    }

    /// Takes the right to begin one delivery, if it may begin now.
    ///
    /// @return 0 if it may; else after how many nanoseconds to ask again, and nothing is taken
    public long tryTake(long nowNanos) {
        if (!started) {
            started = true;
            paceNanos = nowNanos;
            heldUntilNanos = nowNanos;
        }
        long wait = Math.max(heldUntilNanos - nowNanos, paceNanos - aheadNanos - nowNanos);
        if (wait > 0) {
            return wait;
        }
        paceNanos = (paceNanos - nowNanos > 0 ? paceNanos : nowNanos) + intervalNanos;
        return 0;
    }

    /// Lets nothing begin before that time, as a sink's `Retry-After` demands. A later time that
    /// was given before stays.
    public void holdUntil(long untilNanos, long nowNanos) {
        if (!started) {
            started = true;
            paceNanos = nowNanos;
            heldUntilNanos = nowNanos;
        }
        if (untilNanos - heldUntilNanos > 0) {
            heldUntilNanos = untilNanos;
        }
    }
}

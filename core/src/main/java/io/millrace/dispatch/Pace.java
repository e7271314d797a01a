package io.millrace.dispatch;

import io.millrace.delivery.RateLimiter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// When the next attempt may begin: the rate, and holds. Has its turns with its dispatcher.
final class Pace {
    /// However long a sink wants to be left alone, it is tried again after this time.
    private static final Duration HOLD_MAX = Duration.ofHours(24);

    /// Fewer and larger steps cost less, and a rate forgives them.
    private static final long STEP_NANOS_MIN = 5_000_000;

    private final String name;
    private final Ground ground;
    private final Runnable wakened;
    private RateLimiter limiter;
    private long holdUntilNanos;
    private boolean isHeld;
    private long wakeNanos;
    private boolean wakes;

    /// @param wakened what to do when something may begin again; has its turn by itself
    Pace(DispatcherConfig config, Ground ground, Runnable wakened) {
        this.name = config.name();
        this.ground = ground;
        this.wakened = wakened;
        this.limiter = new RateLimiter(config.perMinute());
    }

    /// How many attempts may begin in a minute; `null` for no limit.
    void limit(@Nullable Integer perMinute) {
        limiter = new RateLimiter(perMinute);
    }

    /// Lets nothing begin for a time; a longer one that was asked for before stays.
    void hold(Duration time) {
        long now = ground.clock().nanoTime();
        long until = now + (time.compareTo(HOLD_MAX) > 0 ? HOLD_MAX : time).toNanos();
        if (!isHeld || until - holdUntilNanos > 0) {
            holdUntilNanos = until;
        }
        isHeld = true;
    }

    /// Forgets a hold.
    void release() {
        isHeld = false;
    }

    /// Whether nothing may begin; wakes when that is over.
    boolean isHeld() {
        if (!isHeld) {
            return false;
        }
        long now = ground.clock().nanoTime();
        long left = holdUntilNanos - now;
        isHeld = left > 0;
        if (isHeld) {
            wakeIn(left, now);
        }
        return isHeld;
    }

    /// Takes the right to begin one attempt; wakes when there is one again.
    boolean tryTake() {
        long now = ground.clock().nanoTime();
        long wait = limiter.tryTake(now);
        if (wait > 0) {
            wakeIn(Math.max(wait, STEP_NANOS_MIN), now);
        }
        return wait <= 0;
    }

    private void wakeIn(long nanos, long now) {
        long at = now + nanos;
        if (wakes && wakeNanos - at <= 0) {
            return;
        }
        wakes = true;
        wakeNanos = at;
        ground.threading().after(name, Duration.ofNanos(nanos), wakened);
    }

    /// A wake-up has come.
    void woken() {
        wakes &= wakeNanos - ground.clock().nanoTime() > 0;
    }
}

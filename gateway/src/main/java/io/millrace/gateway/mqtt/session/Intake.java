package io.millrace.gateway.mqtt.session;

import java.util.EnumSet;
import java.util.Set;

/// Whether a client is read from: not while one reason or another stands against it. Owned by the
/// connection's event loop.
///
/// One of them is the client's rate. It has tokens for the messages of one second, which come back
/// as time goes by; what was read already is taken all the same, so it may owe some.
final class Intake {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long MILLI_NANOS = 1_000_000L;

    private final Outlet outlet;
    private final Door door;

    /// Messages a second; 0 for any number.
    private final int rate;

    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
    private double tokens;
    private long refilledNanos;

    /// Why a client is not read from.
    enum Reason {
        /// It is not let in yet.
        EARLY,
        /// Too many of its messages are not recorded yet.
        OUTSTANDING,
        /// It publishes too fast.
        RATE
    }

    Intake(Outlet outlet, Door door, int rate, long nowNanos) {
        this.outlet = outlet;
        this.door = door;
        this.rate = rate;
        this.tokens = rate;
        this.refilledNanos = nowNanos;
    }

    boolean isPaused() {
        return !reasons.isEmpty();
    }

    void pause(Reason reason) {
        boolean wasOpen = reasons.isEmpty();
        reasons.add(reason);
        if (wasOpen) {
            outlet.pause();
        }
    }

    void resume(Reason reason) {
        if (reasons.remove(reason) && reasons.isEmpty()) {
            outlet.resume();
        }
    }

    /// A message came.
    void take(long nowNanos) {
        if (rate <= 0) {
            return;
        }
        refill(nowNanos);
        tokens--;
        if (tokens < 0 && !reasons.contains(Reason.RATE)) {
            pause(Reason.RATE);
            wake();
        }
    }

    private void refill(long nowNanos) {
        long passed = Math.max(0, nowNanos - refilledNanos);
        tokens = Math.min(rate, tokens + (double) passed * rate / SECOND_NANOS);
        refilledNanos = nowNanos;
    }

    private void wake() {
        double nanos = -tokens * SECOND_NANOS / rate;
        door.later(1 + (long) (nanos / MILLI_NANOS), this::refilled);
    }

    private void refilled(long nowNanos) {
        refill(nowNanos);
        if (tokens < 0) {
            wake();
        } else {
            resume(Reason.RATE);
        }
    }
}

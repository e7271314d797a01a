package io.millrace.gateway.kafka;

import io.millrace.gateway.kafka.serial.Serial;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A [Serial] without a thread: the test says when actions run and moves the time. One thread at a
/// time.
public final class FakeSerial implements Serial {
    private final Deque<Runnable> pending = new ArrayDeque<>();
    private final List<Due> timers = new ArrayList<>();
    private long now;
    private long order;

    private record Due(long at, long order, Runnable action) {}

    public FakeSerial() {
        this(1_700_000_000_000L);
    }

    public FakeSerial(long nowMillis) {
        this.now = nowMillis;
    }

    @Override
    public void run(Runnable action) {
        pending.addLast(action);
    }

    @Override
    public Timer after(Duration delay, Runnable action) {
        Due due = new Due(now + delay.toMillis(), order++, action);
        timers.add(due);
        return () -> timers.remove(due);
    }

    @Override
    public long nowMillis() {
        return now;
    }

    /// Runs one action that waits; `false` if none did.
    public boolean runOne() {
        Runnable next = pending.pollFirst();
        if (next == null) {
            return false;
        }
        next.run();
        return true;
    }

    /// Runs what waits and what that leads to, without moving the time.
    public void runPending() {
        while (runOne()) {
            // Each one may add others.
        }
    }

    /// Runs what waits, then moves the time; each timer fires at its own time.
    public void advance(Duration by) {
        runPending();
        long until = now + by.toMillis();
        Due due = nextUntil(until);
        while (due != null) {
            timers.remove(due);
            now = Math.max(now, due.at);
            due.action.run();
            runPending();
            due = nextUntil(until);
        }
        now = until;
    }

    private @Nullable Due nextUntil(long until) {
        return timers.stream()
                .filter(due -> due.at <= until)
                .min(Comparator.comparingLong(Due::at).thenComparingLong(Due::order))
                .orElse(null);
    }

    /// Actions that wait to be run.
    public int pending() {
        return pending.size();
    }

    /// Timers that are neither cancelled nor fired.
    public int timers() {
        return timers.size();
    }
}

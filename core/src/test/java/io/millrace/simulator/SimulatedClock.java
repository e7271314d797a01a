package io.millrace.simulator;

import io.millrace.io.Clock;

/// Time that passes when it is told to. Not thread-safe.
public final class SimulatedClock implements Clock {
    private long epochMillis = 1_767_225_600_000L;
    private long nanoTime;

    @Override
    public long epochMillis() {
        return epochMillis;
    }

    @Override
    public long nanoTime() {
        return nanoTime;
    }

    /// Lets time pass on both clocks.
    public void advance(long millis) {
        epochMillis += millis;
        nanoTime += millis * 1_000_000;
    }

    /// Sets the wall clock forward or back, as people and time servers do.
    public void jump(long millis) {
        epochMillis += millis;
    }
}

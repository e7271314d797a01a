package io.millrace.gateway.listener;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Counts connections. Thread-safe.
public final class ConnectionCensus {
    private final int connectionsMax;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder expired = new LongAdder();

    ConnectionCensus(int connectionsMax) {
        this.connectionsMax = connectionsMax;
    }

    /// Takes a place for a connection; `false` if there is none left.
    boolean enter() {
        if (open.incrementAndGet() > connectionsMax) {
            open.decrementAndGet();
            refused.increment();
            return false;
        }
        accepted.increment();
        return true;
    }

    void leave() {
        open.decrementAndGet();
    }

    void expire() {
        expired.increment();
    }

    public int open() {
        return open.get();
    }

    public long accepted() {
        return accepted.sum();
    }

    /// Connections closed at once because there were too many.
    public long refused() {
        return refused.sum();
    }

    /// Connections closed because they were idle or too slow with a request's headers.
    public long expired() {
        return expired.sum();
    }
}

package io.millrace.gateway.http.call;

import java.util.concurrent.Semaphore;

/// How many may do something at the same time. Thread-safe.
public final class Places {
    private final int total;
    private final Semaphore free;

    public Places(int total) {
        this.total = total;
        this.free = new Semaphore(total);
    }

    boolean enter() {
        return free.tryAcquire();
    }

    void leave() {
        free.release();
    }

    int total() {
        return total;
    }

    public int taken() {
        return total - free.availablePermits();
    }
}

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
        return enter(1);
    }

    /// Takes several places, or none.
    public boolean enter(int several) {
        return free.tryAcquire(several);
    }

    void leave() {
        leave(1);
    }

    /// Gives several places back.
    public void leave(int several) {
        free.release(several);
    }

    public int total() {
        return total;
    }

    public int taken() {
        return total - free.availablePermits();
    }
}

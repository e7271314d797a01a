package io.millrace.shard;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Where readers of a stream wait for more to read. Thread-safe.
///
/// A writer pays one volatile read as long as nobody waits.
public final class ReadSignal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();

    /// Guarded by the lock; its shadow `waiting` is for those who only ask.
    private int waiters;

    private volatile int waiting;

    /// Waits until the condition holds, which is asked again after every advance.
    ///
    /// @return whether it holds
    public boolean await(BooleanSupplier condition, Duration timeMax) throws InterruptedException {
        long left = timeMax.toNanos();
        lock.lockInterruptibly();
        try {
            waiters++;
            waiting = waiters;
            boolean holds = condition.getAsBoolean();
            while (!holds && left > 0) {
                left = advanced.awaitNanos(left);
                holds = condition.getAsBoolean();
            }
            return holds;
        } finally {
            waiters--;
            waiting = waiters;
            lock.unlock();
        }
    }

    /// Wakes everyone who waits. What they wait for must have happened before the call.
    public void advanced() {
        if (waiting > 0) {
            lock.lock();
            try {
                advanced.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}

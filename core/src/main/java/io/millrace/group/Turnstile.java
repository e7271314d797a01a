package io.millrace.group;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Where consumers wait for events, first come, first served. Thread-safe.
///
/// Who is woken and does not take what there is lets the next one through.
final class Turnstile {
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Ticket> waiting = new ArrayDeque<>();
    private volatile int count;
    private boolean isClosed;

    /// A consumer's turn. Used by one thread.
    final class Ticket implements AutoCloseable {
        private final Condition turn = lock.newCondition();
        private boolean isCalled;

        /// Waits for a call.
        ///
        /// @return whether it came in time
        boolean await(long nanos) throws InterruptedException {
            long left = nanos;
            lock.lockInterruptibly();
            try {
                while (!isCalled && !isClosed && left > 0) {
                    left = turn.awaitNanos(Math.min(left, TimeUnit.HOURS.toNanos(1)));
                }
                boolean was = isCalled;
                isCalled = false;
                if (was && !isClosed) {
                    // Behind those who have waited meanwhile.
                    waiting.remove(this);
                    waiting.add(this);
                }
                return was;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                waiting.remove(this);
                count = waiting.size();
                if (isCalled) {
                    call(1);
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Joins the line.
    Ticket enter() {
        lock.lock();
        try {
            Ticket ticket = new Ticket();
            waiting.add(ticket);
            count = waiting.size();
            return ticket;
        } finally {
            lock.unlock();
        }
    }

    /// How many are in the line.
    int size() {
        return count;
    }

    /// Lets those through who wait longest.
    void call(int most) {
        if (count == 0) {
            return;
        }
        lock.lock();
        try {
            int left = most;
            for (Ticket ticket : waiting) {
                if (left == 0) {
                    break;
                }
                if (!ticket.isCalled) {
                    ticket.isCalled = true;
                    ticket.turn.signal();
                    left--;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Lets everybody through for good.
    void close() {
        lock.lock();
        try {
            isClosed = true;
            waiting.forEach(ticket -> ticket.turn.signal());
        } finally {
            lock.unlock();
        }
    }
}

package io.millrace.group;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Where consumers wait for events, first come, first served. Thread-safe.
///
/// Who is woken and does not take what there is lets the next one through.
final class Turnstile {
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Ticket> waiting = new ArrayDeque<>();
    private volatile int count;
    private boolean isClosed;

    /// A consumer's turn. Used by one thread, unless it has a listener instead of waiting.
    final class Ticket implements AutoCloseable {
        private final Condition turn = lock.newCondition();
        private final @Nullable Runnable listener;
        private boolean isCalled;

        Ticket(@Nullable Runnable listener) {
            this.listener = listener;
        }

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
                return came();
            } finally {
                lock.unlock();
            }
        }

        /// Follows a call, if there was one; from now on there may be another.
        ///
        /// @return whether there was
        boolean come() {
            lock.lock();
            try {
                return came();
            } finally {
                lock.unlock();
            }
        }

        private boolean came() {
            boolean was = isCalled;
            isCalled = false;
            if (was && !isClosed) {
                // Behind those who have waited meanwhile.
                waiting.remove(this);
                waiting.add(this);
            }
            return was;
        }

        /// Under the lock.
        ///
        /// @return listeners to be called without it
        private List<Runnable> tell(List<Runnable> before) {
            if (listener == null) {
                turn.signal();
                return before;
            }
            List<Runnable> more = new ArrayList<>(before);
            more.add(listener);
            return more;
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
        return enter(null);
    }

    /// Joins the line without a thread that waits.
    ///
    /// @param listener called with each call, and when everybody is let through for good; on the
    ///   thread that calls, briefly
    Ticket enter(@Nullable Runnable listener) {
        lock.lock();
        try {
            Ticket ticket = new Ticket(listener);
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
        List<Runnable> told = List.of();
        lock.lock();
        try {
            int left = most;
            for (Ticket ticket : waiting) {
                if (left == 0) {
                    break;
                }
                if (!ticket.isCalled) {
                    ticket.isCalled = true;
                    left--;
                    told = ticket.tell(told);
                }
            }
        } finally {
            lock.unlock();
        }
        told.forEach(Runnable::run);
    }

    /// Lets everybody through for good.
    void close() {
        List<Runnable> told = List.of();
        lock.lock();
        try {
            isClosed = true;
            for (Ticket ticket : waiting) {
                told = ticket.tell(told);
            }
        } finally {
            lock.unlock();
        }
        told.forEach(Runnable::run);
    }
}

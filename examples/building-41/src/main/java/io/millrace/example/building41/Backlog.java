package io.millrace.example.building41;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Signals that wait to be published, oldest first, with a limit: when it is full the oldest go, as
/// a building that has been offline for long is asked about now rather than about then.
///
/// Thread-safe: one thread adds, one takes.
final class Backlog {
    private final int limit;
    private final Deque<Signal> signals = new ArrayDeque<>();
    private long added;
    private long dropped;
    private boolean closed;

    Backlog(int limit) {
        this.limit = limit;
    }

    synchronized void add(List<Signal> more) {
        for (Signal signal : more) {
            if (signals.size() == limit) {
                signals.removeFirst();
                dropped++;
            }
            signals.addLast(signal);
        }
        added += more.size();
        notifyAll();
    }

    /// Takes up to `max`, waiting for the first; an empty list says that the backlog is closed and
    /// empty.
    synchronized List<Signal> take(int max) throws InterruptedException {
        while (signals.isEmpty() && !closed) {
            wait();
        }
        return first(max);
    }

    /// The same, but waiting for the first no longer than `patience`; an empty list may say that
    /// none came.
    synchronized List<Signal> take(int max, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (long left = patience.toMillis(); left > 0; ) {
            if (!signals.isEmpty() || closed) {
                break;
            }
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
        return first(max);
    }

    private List<Signal> first(int max) {
        List<Signal> taken = new ArrayList<>();
        while (taken.size() < max && !signals.isEmpty()) {
            taken.add(signals.removeFirst());
        }
        return taken;
    }

    /// Whether nothing is here, and nothing will come.
    synchronized boolean isDone() {
        return closed && signals.isEmpty();
    }

    /// Lets the taker run dry and end.
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized int size() {
        return signals.size();
    }

    /// How many have come in, ever.
    synchronized long added() {
        return added;
    }

    /// How many had to go unpublished.
    synchronized long dropped() {
        return dropped;
    }
}

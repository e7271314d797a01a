package io.millrace.view;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads a view as it is and then hears of its changes, without a gap between the two.
///
/// Of a key that changes again before its change was taken, only the latest is given out: a
/// follower learns what is, not everything that was. One thread calls [#next] and [#close]; the
/// others may be called from anywhere.
public final class ViewFollower implements AutoCloseable {
    private final ViewRange range;
    private final Predicate<ViewEntry> filter;
    private final ViewLimits limits;
    private final Consumer<ViewFollower> whenClosed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();

    /// Guarded by the lock, as what follows.
    private final Map<String, ViewChange> pending = new LinkedHashMap<>();

    private long pendingBytes;
    private @Nullable MillraceException ended;

    /// Of the thread that follows.
    private final ViewStore.Snapshot snapshot;

    private volatile boolean live;

    ViewFollower(
            ViewRange range,
            Predicate<ViewEntry> filter,
            ViewStore.Snapshot snapshot,
            ViewLimits limits,
            Consumer<ViewFollower> whenClosed) {
        this.range = range;
        this.filter = filter;
        this.snapshot = snapshot;
        this.limits = limits;
        this.whenClosed = whenClosed;
    }

    /// Waits for what comes next: first all that the view held when following began, in the order
    /// of the keys, then its changes. An entry that the filter does not let through is told as
    /// gone.
    ///
    /// @return at most `max`; none after `waitMax`, or when the first part has just ended
    /// @throws MillraceException SLOW_CONSUMER if more waited to be taken than may;
    ///   RESOURCE_CONFLICT if the view was made anew meanwhile; VIEW_NOT_FOUND if it was deleted;
    ///   SHUTTING_DOWN
    public List<ViewChange> next(int max, Duration waitMax) throws InterruptedException {
        if (!live) {
            List<ViewChange> found = entries(max);
            if (!found.isEmpty() || live) {
                return found;
            }
        }
        lock.lockInterruptibly();
        try {
            throwIfEnded();
            return changes(max, waitMax);
        } finally {
            lock.unlock();
        }
    }

    private void throwIfEnded() {
        if (ended != null) {
            throw ended;
        }
    }

    /// Reads without the lock: whoever changes the view does not wait for the disk here.
    private List<ViewChange> entries(int max) {
        List<ViewChange> found = new ArrayList<>();
        try {
            for (int looked = 0; looked < max && !hasEnded(); looked++) {
                ViewEntry entry = snapshot.next();
                while (entry != null && entry.key().compareTo(range.start()) < 0) {
                    entry = snapshot.next();
                }
                if (entry == null || range.endsBefore(entry.key())) {
                    snapshot.close();
                    live = true;
                    break;
                }
                if (filter.test(entry)) {
                    found.add(ViewChange.put(entry));
                }
            }
        } catch (RuntimeException e) {
            if (!hasEnded()) {
                throw e;
            }
        }
        return hasEnded() ? List.of() : found;
    }

    private List<ViewChange> changes(int max, Duration waitMax) throws InterruptedException {
        long left = waitMax.toNanos();
        while (pending.isEmpty() && left > 0) {
            left = arrived.awaitNanos(left);
            throwIfEnded();
        }
        List<ViewChange> taken = new ArrayList<>(Math.min(max, pending.size()));
        Iterator<ViewChange> changes = pending.values().iterator();
        while (taken.size() < max && changes.hasNext()) {
            ViewChange change = changes.next();
            changes.remove();
            pendingBytes -= change.bytes();
            ViewEntry entry = change.entry();
            taken.add(
                    entry == null || filter.test(entry)
                            ? change
                            : ViewChange.delete(change.key(), change.millis()));
        }
        return taken;
    }

    /// Whether all that was there when following began has been given out.
    public boolean isLive() {
        return live;
    }

    /// Whether it has been cut off or ended.
    public boolean hasEnded() {
        lock.lock();
        try {
            return ended != null;
        } finally {
            lock.unlock();
        }
    }

    /// The view changes; by the thread that changes it.
    void offer(ViewChange change) {
        if (!range.contains(change.key())) {
            return;
        }
        lock.lock();
        try {
            if (ended != null) {
                return;
            }
            ViewChange before = pending.put(change.key(), change);
            pendingBytes += change.bytes() - (before == null ? 0 : before.bytes());
            if (pending.size() > limits.changesMax() || pendingBytes > limits.bytesMax()) {
                finish(
                        new MillraceException(
                                ErrorCode.SLOW_CONSUMER,
                                "more than %d changes or %d bytes waited to be taken; follow again"
                                        .formatted(limits.changesMax(), limits.bytesMax())));
            }
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends it with a reason.
    void end(MillraceException reason) {
        lock.lock();
        try {
            if (ended == null) {
                finish(reason);
                arrived.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void finish(MillraceException reason) {
        ended = reason;
        pending.clear();
        pendingBytes = 0;
    }

    /// By the thread that follows.
    @Override
    public void close() {
        end(new MillraceException(ErrorCode.SHUTTING_DOWN, "following was ended"));
        snapshot.close();
        whenClosed.accept(this);
    }
}

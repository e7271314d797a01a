package io.millrace.view;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A view at work: its store, those who follow it, and those who wait for a key. Thread-safe;
/// readers wait for nobody, writers for each other and for commits.
public final class ViewTable implements AutoCloseable {
    /// What is not committed is held in memory.
    private static final int COMMIT_CHANGES = 50_000;

    private final Clock clock;
    private final ViewLimits limits;
    private final ReentrantLock writing = new ReentrantLock();
    private final Set<ViewFollower> followers = ConcurrentHashMap.newKeySet();
    private final KeyWaiters waiters = new KeyWaiters();

    /// Guarded by the lock of those who write.
    private int uncommitted;

    private volatile ViewStore store;
    private volatile long updates;
    private volatile @Nullable MillraceException ended;

    public ViewTable(ViewStore store, Clock clock, ViewLimits limits) {
        this.store = store;
        this.clock = clock;
        this.limits = limits;
    }

    /// Makes changes, in their order, and notes with them how far their sources have been read.
    /// What says the same as before changes nothing and nobody hears of it.
    ///
    /// @throws MillraceException VIEW_FAILED, SHUTTING_DOWN
    public void apply(List<ViewChange> changes, Map<String, Long> progress) {
        writing.lock();
        try {
            throwIfEnded();
            for (ViewChange change : changes) {
                apply(change);
            }
            progress.forEach(store::progress);
            uncommitted += changes.size();
            if (uncommitted > COMMIT_CHANGES) {
                uncommitted = 0;
                store.commit();
            }
        } finally {
            writing.unlock();
        }
    }

    private void apply(ViewChange change) {
        ViewEntry before = store.get(change.key());
        ViewEntry after = change.entry();
        if (after == null ? before == null : after.saysTheSameAs(before)) {
            return;
        }
        if (after == null) {
            store.delete(change.key());
        } else {
            store.put(after);
        }
        // One writer at a time: a plain sum, published by the volatile write.
        long counted = updates;
        updates = counted + 1;
        tell(change);
    }

    private void tell(ViewChange change) {
        for (ViewFollower follower : followers) {
            follower.offer(change);
        }
        waiters.changed(change.key());
    }

    /// Makes everything that was applied before durable.
    public void commit() {
        onStore(own -> {
            uncommitted = 0;
            own.commit();
        });
    }

    /// Writes everything to a new store, which takes the place of this one. Writers wait meanwhile,
    /// readers do not; followers that have not yet been given everything have to begin anew.
    ///
    /// @param notes that are taken over
    /// @return the one that was read before
    public ViewStore renew(ViewStore fresh, List<String> notes) {
        writing.lock();
        try {
            throwIfEnded();
            ViewStore before = store;
            before.scan(
                    "",
                    entry -> {
                        fresh.put(entry);
                        return true;
                    });
            before.progress().forEach(fresh::progress);
            for (String name : notes) {
                String text = before.note(name);
                if (text != null) {
                    fresh.note(name, text);
                }
            }
            fresh.commit();
            uncommitted = 0;
            store = fresh;
            endUnfinished();
            return before;
        } finally {
            writing.unlock();
        }
    }

    private void endUnfinished() {
        for (ViewFollower unfinished : followers) {
            if (!unfinished.isLive()) {
                unfinished.end(
                        new MillraceException(
                                ErrorCode.RESOURCE_CONFLICT,
                                "the view was written anew while it was read; follow again"));
            }
        }
    }

    /// Does something that only the one who writes may do.
    public void onStore(Consumer<ViewStore> action) {
        writing.lock();
        try {
            throwIfEnded();
            action.accept(store);
        } finally {
            writing.unlock();
        }
    }

    private void throwIfEnded() {
        MillraceException reason = ended;
        if (reason != null) {
            throw reason;
        }
    }

    /// A read of a store that was replaced meanwhile is done again with the new one.
    private <T extends @Nullable Object> T read(Function<ViewStore, T> reading) {
        while (true) {
            ViewStore read = store;
            try {
                return reading.apply(read);
            } catch (RuntimeException e) {
                throwIfEnded();
                if (read.equals(store)) {
                    throw e;
                }
            }
        }
    }

    /// @throws MillraceException VIEW_FAILED
    public @Nullable ViewEntry get(String key) {
        return read(from -> from.get(key));
    }

    /// A piece of what the view holds.
    ///
    /// @param after only keys behind this one; `null` for all of the range
    /// @param limit of items
    public ViewPage list(
            ViewRange range, @Nullable String after, int limit, Predicate<ViewEntry> filter) {
        String start = range.start();
        // The first key behind another one is that with the smallest character added.
        String from = after == null || after.compareTo(start) < 0 ? start : after + '\0';
        return read(read -> {
            Page page = new Page(range, limit, limits.scanMax(), filter);
            read.scan(from, page);
            return page.result();
        });
    }

    /// Collects a page.
    private static final class Page implements Predicate<ViewEntry> {
        private final ViewRange range;
        private final int limit;
        private final Predicate<ViewEntry> filter;
        private final List<ViewEntry> items = new ArrayList<>();
        private int looksLeft;
        private @Nullable String last;
        private boolean hasMore;

        Page(ViewRange range, int limit, int scanMax, Predicate<ViewEntry> filter) {
            this.range = range;
            this.limit = limit;
            this.looksLeft = scanMax;
            this.filter = filter;
        }

        @Override
        public boolean test(ViewEntry entry) {
            if (range.endsBefore(entry.key())) {
                return false;
            }
            if (items.size() == limit || looksLeft-- == 0) {
                hasMore = true;
                return false;
            }
            last = entry.key();
            if (filter.test(entry)) {
                items.add(entry);
            }
            return true;
        }

        ViewPage result() {
            return new ViewPage(items, hasMore ? last : null);
        }
    }

    /// Waits until a key holds something else than what has that tag.
    ///
    /// @param etag `null` for nothing
    /// @return what it holds then, or when the time is over
    public @Nullable ViewEntry await(String key, @Nullable String etag, Duration timeMax)
            throws InterruptedException {
        long begun = clock.nanoTime();
        while (true) {
            KeyWaiters.Waiting waiting = waiters.enter(key);
            try {
                throwIfEnded();
                ViewEntry now = get(key);
                Duration left = timeMax.minusNanos(clock.nanoTime() - begun);
                if (!Objects.equals(etag, now == null ? null : now.etag()) || !left.isPositive()) {
                    return now;
                }
                waiting.await(left);
            } finally {
                waiters.leave(key, waiting);
            }
        }
    }

    /// Follows what is in a range.
    ///
    /// @throws MillraceException OVERLOADED if too many do
    public ViewFollower follow(ViewRange range, Predicate<ViewEntry> filter) {
        writing.lock();
        try {
            throwIfEnded();
            if (followers.size() >= limits.followersMax()) {
                throw new MillraceException(
                        ErrorCode.OVERLOADED,
                        "%d follow this view already, and no more may"
                                .formatted(limits.followersMax()));
            }
            // Nothing can change between the two: what the snapshot lacks is heard of.
            ViewFollower follower =
                    new ViewFollower(range, filter, store.snapshot(), limits, followers::remove);
            followers.add(follower);
            return follower;
        } finally {
            writing.unlock();
        }
    }

    /// Puts a store in the place of the one that is read. Followers hear of the difference.
    ///
    /// @return the one that was read before, which nobody reads any more but who began before
    public ViewStore replace(ViewStore with) {
        writing.lock();
        try {
            throwIfEnded();
            ViewStore before = store;
            store = with;
            endUnfinished();
            if (!followers.isEmpty()) {
                tellDifference(before, with);
            }
            waiters.all();
            return before;
        } finally {
            writing.unlock();
        }
    }

    /// Drops a store that has failed and goes on with the same file opened again: what was not
    /// committed is lost, and followers have to begin anew.
    public void reopen(Supplier<ViewStore> opening) {
        writing.lock();
        try {
            throwIfEnded();
            MillraceException reason =
                    new MillraceException(
                            ErrorCode.RESOURCE_CONFLICT,
                            "the view was opened anew; follow it again");
            followers.forEach(follower -> follower.end(reason));
            store.abandon();
            store = opening.get();
            uncommitted = 0;
            waiters.all();
        } finally {
            writing.unlock();
        }
    }

    private void tellDifference(ViewStore before, ViewStore after) {
        long now = clock.epochMillis();
        before.scan(
                "",
                old -> {
                    if (after.get(old.key()) == null) {
                        tell(ViewChange.delete(old.key(), now));
                    }
                    return true;
                });
        after.scan(
                "",
                fresh -> {
                    if (!fresh.saysTheSameAs(before.get(fresh.key()))) {
                        tell(ViewChange.put(fresh));
                    }
                    return true;
                });
    }

    /// Whether its file should be written anew.
    public boolean isOvergrown() {
        return read(ViewStore::isOvergrown);
    }

    /// Whether it was closed or deleted.
    public boolean hasEnded() {
        return ended != null;
    }

    /// How many keys there are.
    public long size() {
        return read(ViewStore::size);
    }

    /// Bytes on disk.
    public long bytes() {
        return read(ViewStore::bytes);
    }

    /// Changes since it was opened.
    public long updates() {
        return updates;
    }

    /// How many follow it.
    public int followers() {
        return followers.size();
    }

    /// Ends every wait with a reason; nothing changes any more.
    ///
    /// @param keep whether what was applied is committed, or the file is to go anyway
    public void end(MillraceException reason, boolean keep) {
        writing.lock();
        try {
            if (ended == null) {
                ended = reason;
                followers.forEach(follower -> follower.end(reason));
                waiters.all();
                if (keep) {
                    store.close();
                } else {
                    store.abandon();
                }
            }
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        end(new MillraceException(ErrorCode.SHUTTING_DOWN, "the server is stopping"), true);
    }
}

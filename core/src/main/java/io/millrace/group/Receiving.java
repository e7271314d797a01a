package io.millrace.group;

import io.millrace.io.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// Takes events from the cursors of a group for consumers that ask and wait. Thread-safe; not for a
/// shard's thread, but for what says so.
final class Receiving {
    /// How long a consumer that does not want to wait is kept while events are read for it.
    private static final Duration READING_MAX = Duration.ofSeconds(2);

    /// So long after a consumer has asked, events are kept at hand for the next time.
    private static final long ATTENDED_NANOS = 1_000_000_000L;

    private final Group group;
    private final Turnstile turnstile;
    private final Clock clock;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile long askedNanos;

    Receiving(Group group, Turnstile turnstile, Clock clock) {
        this.group = group;
        this.turnstile = turnstile;
        this.clock = clock;
        this.askedNanos = clock.nanoTime() - ATTENDED_NANOS;
    }

    /// Whether a consumer was here a moment ago, and is probably at work on what it got.
    boolean wasAskedLately() {
        return clock.nanoTime() - askedNanos < ATTENDED_NANOS;
    }

    /// How events are given out.
    ///
    /// @param atOnce whether they are settled as they are given out
    record Terms(Duration lease, boolean atOnce) {}

    /// Gives events to a consumer, waiting for the first.
    ///
    /// @param wait how long; while events are being read for it, a moment longer
    List<Leased> receive(int max, Duration wait, Terms terms) throws InterruptedException {
        long end = clock.nanoTime() + wait.toNanos();
        long readingEnd = clock.nanoTime() + READING_MAX.toNanos();
        try (Turnstile.Ticket ticket = turnstile.enter()) {
            while (true) {
                group.requireOpen();
                Taken taken = take(max, terms);
                if (!taken.leases.isEmpty()) {
                    if (taken.more) {
                        turnstile.call(2);
                    }
                    return taken.leases;
                }
                long now = clock.nanoTime();
                long left = Math.max(end - now, taken.reading ? readingEnd - now : 0);
                if (left <= 0 || (group.isPaused() && end - now <= 0)) {
                    return List.of();
                }
                boolean _ = ticket.await(left);
            }
        }
    }

    /// Gives events to a consumer that does not wait.
    Group.Tried tryReceive(int max, Terms terms) {
        group.requireOpen();
        Taken taken = take(max, terms);
        return new Group.Tried(taken.leases, taken.reading);
    }

    /// What was there.
    ///
    /// @param reading whether more may come from what is being read now
    /// @param more whether more is ready
    private record Taken(List<Leased> leases, boolean reading, boolean more) {}

    /// A consumer is here.
    void asked() {
        askedNanos = clock.nanoTime();
    }

    private Taken take(int max, Terms terms) {
        asked();
        List<Leased> all = new ArrayList<>();
        boolean reading = false;
        boolean more = false;
        for (List<GroupCursor> neighbours : byShard()) {
            CursorShard home = neighbours.getFirst().home();
            CompletableFuture<Taken> answer = new CompletableFuture<>();
            int left = max - all.size();
            home.shard().run(() -> take(neighbours, left, terms, answer));
            Taken taken = group.await(answer);
            all.addAll(taken.leases);
            reading |= taken.reading;
            more |= taken.more;
            if (all.size() >= max) {
                break;
            }
        }
        return new Taken(all, reading, more);
    }

    /// On the shard's thread.
    private void take(
            List<GroupCursor> neighbours, int max, Terms terms, CompletableFuture<Taken> answer) {
        List<Leased> leases = new ArrayList<>();
        boolean reading = false;
        boolean more = false;
        try {
            for (GroupCursor cursor : neighbours) {
                List<Leased> taken = cursor.take(max - leases.size(), terms.lease);
                leases.addAll(taken);
                if (terms.atOnce && !taken.isEmpty()) {
                    new CompletedAtOnce(cursor).settle(taken);
                }
                reading |= cursor.isReading();
                more |= cursor.hasReady();
                if (group.config().isQueue() && cursor.isReading()) {
                    // What is being read may be of a higher priority than all that follows.
                    break;
                }
            }
            Taken result = new Taken(leases, reading, more);
            if (leases.isEmpty()) {
                answer.complete(result);
            } else if (terms.atOnce) {
                neighbours
                        .getFirst()
                        .whenStored(problem -> Group.complete(answer, result, problem));
            } else {
                neighbours
                        .getFirst()
                        .home()
                        .journal()
                        .whenWritten(problem -> Group.complete(answer, result, problem));
            }
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    /// Cursors by their shards. A queue's are all on one, and in the order of their priority; the
    /// others take turns.
    List<List<GroupCursor>> byShard() {
        return byShard(group.cursors());
    }

    List<List<GroupCursor>> byShard(List<GroupCursor> all) {
        Map<CursorShard, List<GroupCursor>> byShard = new LinkedHashMap<>();
        int first =
                group.config().isQueue() || all.isEmpty()
                        ? 0
                        : Math.floorMod(turn.getAndIncrement(), all.size());
        for (int i = 0; i < all.size(); i++) {
            GroupCursor cursor = all.get((first + i) % all.size());
            byShard.computeIfAbsent(cursor.home(), _ -> new ArrayList<>()).add(cursor);
        }
        byShard.values()
                .forEach(list -> {
                    if (group.config().isQueue()) {
                        list.sort((one, other) -> other.id().partition() - one.id().partition());
                    }
                });
        return List.copyOf(byShard.values());
    }
}

package io.millrace.cursor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// What a cursor is to do, in the plainest way: one object for each outstanding offset, and a look
/// at all of them for every question.
final class CursorModel {
    /// One offset that was taken.
    static final class Item {
        final long offset;
        long key;
        byte state;
        int failures;
        int deliveries;
        long number = -1;
        long time;
        long first;

        /// Its place in the order of its key; none while it is scheduled.
        long order = -1;

        Item(long offset, long key, byte state) {
            this.offset = offset;
            this.key = key;
            this.state = state;
        }
    }

    /// An event of the partition: whether it is wanted, its key, and when it is due.
    record Stored(boolean wanted, long key, long due) {}

    final CursorConfig config;
    final List<Stored> log = new ArrayList<>();
    final TreeMap<Long, Item> items = new TreeMap<>();
    final TreeSet<Long> cancelled = new TreeSet<>();
    long frontier;
    long nextNumber;
    long nextOrder;
    long taken;
    long filtered;
    long settled;
    long expired;
    long buried;

    CursorModel(CursorConfig config) {
        this.config = config;
    }

    private boolean isFirst(Item item) {
        return item.key == 0
                || items.values().stream()
                        .noneMatch(i -> i.key == item.key && i.order >= 0 && i.order < item.order);
    }

    private List<Item> due(long now) {
        return items.values().stream()
                .filter(i -> i.state == Outstanding.WAITING && i.time <= now && isFirst(i))
                .sorted(
                        Comparator.comparingLong((Item i) -> i.time)
                                .thenComparingLong(i -> i.offset))
                .toList();
    }

    private long scheduled() {
        return items.values().stream().filter(i -> i.state == Outstanding.SCHEDULED).count();
    }

    List<Lease> receive(int max, long now, long lease, LongPredicate atHand) {
        List<Item> given =
                new ArrayList<>(
                        due(now).stream().filter(i -> atHand.test(i.offset)).limit(max).toList());
        boolean isChanged = !given.isEmpty();
        List<Item> fresh = new ArrayList<>();
        long room = config.outstandingMax() - (items.size() - scheduled());
        int took = 0;
        while (given.size() + fresh.size() < max
                && took < room
                && scheduled() < config.scheduledMax()
                && frontier < log.size()) {
            Stored stored = log.get((int) frontier);
            if (stored.wanted && cancelled.remove(frontier)) {
                // It was counted when it was cancelled.
                isChanged = true;
            } else if (stored.wanted) {
                Item item = new Item(frontier, config.ordered() ? stored.key : 0, (byte) 0);
                item.state = Outstanding.WAITING;
                items.put(frontier, item);
                taken++;
                if (stored.due > now) {
                    item.state = Outstanding.SCHEDULED;
                    item.time = stored.due;
                } else {
                    item.order = nextOrder++;
                    took++;
                    if (isFirst(item)) {
                        fresh.add(item);
                    }
                }
            } else {
                filtered++;
            }
            frontier++;
            isChanged = true;
        }
        given.addAll(fresh);
        List<Lease> leases = new ArrayList<>();
        for (Item item : given) {
            lease(item, now, now + lease);
            leases.add(leaseOf(item));
        }
        nextNumber += isChanged ? 1 : 0;
        return leases;
    }

    private void lease(Item item, long now, long deadline) {
        item.first = item.first == 0 ? now : item.first;
        item.state = Outstanding.LEASED;
        item.time = deadline;
        item.number = nextNumber;
        item.deliveries++;
    }

    private Lease leaseOf(Item item) {
        return new Lease(
                new LeaseToken(0, item.offset, item.number),
                item.time,
                item.deliveries,
                item.failures,
                item.first);
    }

    @Nullable Lease fetchDeferred(long offset, long now, long lease) {
        Item item = items.get(offset);
        if (item == null || item.state != Outstanding.DEFERRED) {
            return null;
        }
        lease(item, now, now + lease);
        nextNumber++;
        return leaseOf(item);
    }

    SettleReply settle(LeaseToken token, Settlement settlement, long now) {
        if (token.partition() != 0 || token.number() >= nextNumber || token.offset() >= frontier) {
            return SettleReply.UNKNOWN;
        }
        Item item = items.get(token.offset());
        if (item == null) {
            return SettleReply.SETTLED_BEFORE;
        }
        if (item.number != token.number()) {
            return item.number < token.number()
                    ? SettleReply.UNKNOWN
                    : SettleReply.GIVEN_TO_ANOTHER;
        }
        if (item.state != Outstanding.LEASED || item.time <= now) {
            return SettleReply.LEASE_ENDED;
        }
        return switch (settlement) {
            case Settlement.Complete() -> {
                items.remove(item.offset);
                settled++;
                yield SettleReply.DONE;
            }
            case Settlement.Release(long delay, boolean failed) -> {
                if (failed) {
                    yield fail(item, now, delay);
                }
                item.state = Outstanding.WAITING;
                item.time = now + delay;
                yield SettleReply.DONE;
            }
            case Settlement.Reject() -> bury(item);
            case Settlement.Defer() -> {
                item.state = Outstanding.DEFERRED;
                item.key = 0;
                yield SettleReply.DONE;
            }
            case Settlement.Renew(long lease) -> {
                item.time = now + lease;
                yield SettleReply.DONE;
            }
        };
    }

    private SettleReply bury(Item item) {
        items.remove(item.offset);
        buried++;
        return SettleReply.BURIED;
    }

    private SettleReply fail(Item item, long now, long delay) {
        if (item.failures + 1 >= config.failuresMax()) {
            return bury(item);
        }
        item.failures++;
        item.state = Outstanding.WAITING;
        item.time = now + Math.max(delay, config.retryDelays().afterFailure(item.failures));
        return SettleReply.DONE;
    }

    /// Leases that have ended, those first that ended first.
    List<Long> endLeases(long now, int max) {
        List<Item> ended =
                items.values().stream()
                        .filter(i -> i.state == Outstanding.LEASED && i.time <= now)
                        .sorted(
                                Comparator.comparingLong((Item i) -> i.time)
                                        .thenComparingLong(i -> i.offset))
                        .limit(max)
                        .toList();
        ended.forEach(item -> fail(item, now, 0));
        return ended.stream().map(i -> i.offset).toList();
    }

    List<Long> ripen(long now, int max) {
        List<Item> due =
                items.values().stream()
                        .filter(i -> i.state == Outstanding.SCHEDULED && i.time <= now)
                        .sorted(
                                Comparator.comparingLong((Item i) -> i.time)
                                        .thenComparingLong(i -> i.offset))
                        .limit(max)
                        .toList();
        for (Item item : due) {
            item.state = Outstanding.WAITING;
            item.order = nextOrder++;
        }
        return due.stream().map(i -> i.offset).toList();
    }

    void purge() {
        int before = items.size();
        items.values().removeIf(i -> i.state != Outstanding.LEASED);
        settled += before - items.size();
        long unseen = log.size() - frontier - cancelled.size();
        taken += unseen;
        settled += unseen;
        cancelled.clear();
        frontier = log.size();
    }

    void expire(long offset) {
        items.remove(offset);
        expired++;
    }

    void move(long to) {
        items.clear();
        cancelled.clear();
        frontier = to;
        taken = 0;
        filtered = 0;
        settled = 0;
        expired = 0;
        buried = 0;
    }

    CursorSnapshot snapshot() {
        CursorCounts counts =
                new CursorCounts(
                        taken + filtered, settled, filtered, expired, buried, items.size());
        List<Item> order = new ArrayList<>();
        Set<Long> keys = new HashSet<>();
        for (Item item : items.values()) {
            if (item.key == 0 || item.order < 0) {
                order.add(item);
            } else if (keys.add(item.key)) {
                items.values().stream()
                        .filter(i -> i.key == item.key && i.order >= 0)
                        .sorted(Comparator.comparingLong(i -> i.order))
                        .forEach(order::add);
            }
        }
        List<CursorSnapshot.Entry> entries =
                new ArrayList<>(
                        order.stream()
                                .map(i ->
                                        new CursorSnapshot.Entry(
                                                i.offset,
                                                i.state,
                                                i.failures,
                                                i.deliveries,
                                                i.number,
                                                i.time,
                                                i.key,
                                                i.first))
                                .toList());
        for (long offset : cancelled) {
            entries.add(new CursorSnapshot.Entry(offset, Outstanding.CANCELLED, 0, 0, -1, 0, 0, 0));
        }
        return new CursorSnapshot(frontier, nextNumber, counts, entries);
    }

    /// When something is due next.
    long nextMillis() {
        return items.values().stream()
                .filter(i ->
                        i.state == Outstanding.LEASED
                                || i.state == Outstanding.SCHEDULED
                                || (i.state == Outstanding.WAITING && isFirst(i)))
                .mapToLong(i -> i.time)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}

package io.millrace.cursor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
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

        Item(long offset, long key, byte state) {
            this.offset = offset;
            this.key = key;
            this.state = state;
        }
    }

    /// An event of the partition: whether it is wanted, and its key.
    record Stored(boolean wanted, long key) {}

    final CursorConfig config;
    final List<Stored> log = new ArrayList<>();
    final TreeMap<Long, Item> items = new TreeMap<>();
    long frontier;
    long nextNumber;
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
                || items.headMap(item.offset).values().stream().noneMatch(i -> i.key == item.key);
    }

    private List<Item> due(long now) {
        return items.values().stream()
                .filter(i -> i.state == Outstanding.WAITING && i.time <= now && isFirst(i))
                .sorted(
                        Comparator.comparingLong((Item i) -> i.time)
                                .thenComparingLong(i -> i.offset))
                .toList();
    }

    List<Lease> receive(int max, long now, long lease) {
        List<Item> given = new ArrayList<>(due(now).stream().limit(max).toList());
        boolean isChanged = !given.isEmpty();
        List<Item> fresh = new ArrayList<>();
        int room = config.outstandingMax() - items.size();
        int took = 0;
        while (given.size() + fresh.size() < max && took < room && frontier < log.size()) {
            Stored stored = log.get((int) frontier);
            if (stored.wanted) {
                Item item = new Item(frontier, config.ordered() ? stored.key : 0, (byte) 0);
                item.state = Outstanding.WAITING;
                items.put(frontier, item);
                taken++;
                took++;
                if (isFirst(item)) {
                    fresh.add(item);
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
            lease(item, now + lease);
            leases.add(leaseOf(item));
        }
        nextNumber += isChanged ? 1 : 0;
        return leases;
    }

    private void lease(Item item, long deadline) {
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
                item.failures);
    }

    @Nullable Lease fetchDeferred(long offset, long now, long lease) {
        Item item = items.get(offset);
        if (item == null || item.state != Outstanding.DEFERRED) {
            return null;
        }
        lease(item, now + lease);
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

    void expire(long offset) {
        items.remove(offset);
        expired++;
    }

    void move(long to) {
        items.clear();
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
        List<CursorSnapshot.Entry> entries =
                items.values().stream()
                        .map(i ->
                                new CursorSnapshot.Entry(
                                        i.offset,
                                        i.state,
                                        i.failures,
                                        i.deliveries,
                                        i.number,
                                        i.time,
                                        i.key))
                        .toList();
        return new CursorSnapshot(frontier, nextNumber, counts, entries);
    }

    /// When something is due next.
    long nextMillis() {
        return items.values().stream()
                .filter(i ->
                        i.state == Outstanding.LEASED
                                || (i.state == Outstanding.WAITING && isFirst(i)))
                .mapToLong(i -> i.time)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}

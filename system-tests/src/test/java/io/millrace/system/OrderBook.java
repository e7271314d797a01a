package io.millrace.system;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Checks that events of one key are given out one at a time and in order: whoever gets one, all
/// before it have been settled, or it was tried at least. Ids are `key-number`. Thread-safe.
final class OrderBook implements CrashWorker.Listener {
    private final JobBook book;
    private final Map<String, Key> keys = new ConcurrentHashMap<>();
    private final Queue<String> contradictions = new ConcurrentLinkedQueue<>();

    /// Guarded by itself.
    private static final class Key {
        final BitSet given = new BitSet();
        final BitSet settled = new BitSet();
    }

    /// @param book hears of everything as well
    OrderBook(JobBook book) {
        this.book = book;
    }

    private Key key(HeldLease lease) {
        String name = lease.event().substring(0, lease.event().lastIndexOf('-'));
        return keys.computeIfAbsent(name, _ -> new Key());
    }

    private static int number(HeldLease lease) {
        return Integer.parseInt(lease.event().substring(lease.event().lastIndexOf('-') + 1));
    }

    List<String> contradictions() {
        return List.copyOf(contradictions);
    }

    /// How many events of a key were given out at least once, without gaps.
    int given(String name) {
        Key key = keys.get(name);
        if (key == null) {
            return 0;
        }
        synchronized (key) {
            return key.given.nextClearBit(0);
        }
    }

    @Override
    public void given(HeldLease lease) {
        Key key = key(lease);
        synchronized (key) {
            int open = key.settled.nextClearBit(0);
            if (number(lease) > open) {
                contradictions.add("%d is open before %s".formatted(open, lease));
            }
            key.given.set(number(lease));
        }
        book.given(lease);
    }

    @Override
    public void settling(HeldLease lease, Decision decision) {
        Key key = key(lease);
        if (decision.isLast()) {
            synchronized (key) {
                key.settled.set(number(lease));
            }
        }
        book.settling(lease, decision);
    }

    @Override
    public void settled(JobBook.Told told) {
        book.settled(told);
    }

    @Override
    public void unheard(HeldLease lease) {
        book.unheard(lease);
    }
}

package io.millrace.cursor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which offsets of each key are outstanding, in their order; only the first of a key may be given
/// out, and only while nothing of the key is under way in another lane. Keys with one offset cost
/// an entry, others a queue. Not thread-safe.
final class KeyChains {
    private final HashMap<Long, ArrayDeque<Long>> chains = new HashMap<>();
    private @Nullable SharedKeys shared;
    private int lane;

    /// Shares the order of its keys with other lanes from now on.
    void share(SharedKeys keys, int asLane, Outstanding outstanding) {
        shared = keys;
        lane = asLane;
        chains.forEach((key, chain) -> {
            int slot = outstanding.find(chain.getFirst());
            if (slot >= 0 && outstanding.deliveries(slot) > 0) {
                given(key);
                if (outstanding.state(slot) != Outstanding.LEASED) {
                    returned(key);
                }
            }
        });
    }

    /// Shares it no more.
    void unshare() {
        if (shared != null) {
            shared.leave(lane);
            shared = null;
        }
    }

    /// Whether an offset of the key that comes now is first of it, here and in all lanes.
    boolean isFree(long key) {
        return key == 0 || (!chains.containsKey(key) && isFreeElsewhere(key));
    }

    private boolean isFreeElsewhere(long key) {
        return shared == null || shared.isFree(key, lane);
    }

    /// Whether nothing of its key keeps the offset from being given out.
    boolean isNext(long key, long offset) {
        if (key == 0) {
            return true;
        }
        ArrayDeque<Long> chain = chains.get(key);
        return chain == null || (chain.getFirst() == offset && isFreeElsewhere(key));
    }

    /// The first offset of a key; -1 if there is none.
    long first(long key) {
        ArrayDeque<Long> chain = chains.get(key);
        return chain == null ? -1 : chain.getFirst();
    }

    void add(long key, long offset) {
        if (key != 0) {
            chains.computeIfAbsent(key, _ -> new ArrayDeque<>(2)).add(offset);
        }
    }

    /// The first offset of a key was given out.
    void given(long key) {
        if (key != 0 && shared != null) {
            shared.given(key, lane);
        }
    }

    /// The first offset of a key waits to be given out again.
    void returned(long key) {
        if (key != 0 && shared != null) {
            shared.returned(key, lane);
        }
    }

    /// Lets go of an offset.
    ///
    /// @return the offset that is first of the key now, or -1 if that has not changed or there is
    ///   none
    long remove(long key, long offset) {
        ArrayDeque<Long> chain = key == 0 ? null : chains.get(key);
        if (chain == null) {
            return -1;
        }
        boolean wasFirst = chain.getFirst() == offset;
        chain.remove(offset);
        if (chain.isEmpty()) {
            chains.remove(key);
        }
        if (wasFirst && shared != null) {
            shared.finished(key, lane);
        }
        return wasFirst ? first(key) : -1;
    }

    /// What is outstanding in the order of the offsets, but the offsets of one key in theirs.
    List<Long> inOrder(Outstanding outstanding) {
        List<Long> all = new ArrayList<>(outstanding.size());
        Set<Long> done = new HashSet<>();
        for (long offset : outstanding.sorted()) {
            long key = outstanding.key(outstanding.find(offset));
            ArrayDeque<Long> chain = key == 0 ? null : chains.get(key);
            if (chain == null || !chain.contains(offset)) {
                all.add(offset);
            } else if (done.add(key)) {
                all.addAll(chain);
            }
        }
        return all;
    }

    void clear() {
        chains.clear();
        if (shared != null) {
            shared.clear(lane);
        }
    }
}

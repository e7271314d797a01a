package io.millrace.cursor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Which offsets of each key are outstanding, in their order; only the first of a key may be given
/// out. Keys with one offset cost an entry, others a queue. Not thread-safe.
final class KeyChains {
    private final HashMap<Long, ArrayDeque<Long>> chains = new HashMap<>();

    /// Whether some offset of the key is outstanding.
    boolean has(long key) {
        return key != 0 && chains.containsKey(key);
    }

    boolean isFirst(long key, long offset) {
        if (key == 0) {
            return true;
        }
        ArrayDeque<Long> chain = chains.get(key);
        return chain == null || chain.getFirst() == offset;
    }

    void add(long key, long offset) {
        if (key != 0) {
            chains.computeIfAbsent(key, _ -> new ArrayDeque<>(2)).add(offset);
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
            return -1;
        }
        return wasFirst ? chain.getFirst() : -1;
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
    }
}

package io.millrace.cursor;

import java.util.SortedSet;
import java.util.TreeSet;

/// Offsets at or behind a cursor's frontier that are passed over when they come up; mostly there
/// are none. Owned by the cursor's thread.
final class CancelledOffsets {
    /// Shared and never written to, so that none costs nothing.
    private static final TreeSet<Long> NONE = new TreeSet<>();

    private TreeSet<Long> offsets = NONE;

    void add(long offset) {
        if (offsets.isEmpty()) {
            offsets = new TreeSet<>();
        }
        offsets.add(offset);
    }

    boolean contains(long offset) {
        return offsets.contains(offset);
    }

    /// @return how many went
    int removeBelow(long to) {
        int removed = 0;
        while (!offsets.isEmpty() && offsets.first() < to) {
            offsets.pollFirst();
            removed++;
        }
        return removed;
    }

    void removeFrom(long from) {
        if (!offsets.isEmpty()) {
            offsets.tailSet(from).clear();
        }
    }

    void clear() {
        offsets = NONE;
    }

    SortedSet<Long> all() {
        return offsets;
    }
}

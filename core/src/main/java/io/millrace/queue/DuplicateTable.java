package io.millrace.queue;

/// Jobs by the 128 bits of their fingerprints, in the order in which they were put in. Not
/// thread-safe.
///
/// A ring of slots holds them; the oldest ones are let go of at its head. An index, open addressing
/// with at most half of it in use, finds slots by the lower bits. A slot that was removed stays in
/// the ring, marked, until the head comes by.
final class DuplicateTable {
    private static final int SLOTS_MIN = 8;
    private static final long REMOVED = -1;

    private long[] high;
    private long[] low;
    private long[] nanos;
    private long[] places;

    /// Slots plus one; 0 where there is none.
    private int[] index;

    private int head;
    private int used;
    private int size;

    DuplicateTable() {
        high = new long[SLOTS_MIN];
        low = new long[SLOTS_MIN];
        nanos = new long[SLOTS_MIN];
        places = new long[SLOTS_MIN];
        index = new int[2 * SLOTS_MIN];
    }

    int size() {
        return size;
    }

    long nanos(int slot) {
        return nanos[slot];
    }

    long place(int slot) {
        return places[slot];
    }

    /// The slot of the fingerprint; -1 if there is none.
    int find(long upper, long lower) {
        int mask = index.length - 1;
        for (int at = (int) lower & mask; index[at] != 0; at = (at + 1) & mask) {
            int slot = index[at] - 1;
            if (low[slot] == lower && high[slot] == upper) {
                return slot;
            }
        }
        return -1;
    }

    /// Puts a job in, in place of one with the same fingerprint.
    ///
    /// @param place not negative
    void put(long upper, long lower, long putNanos, long place) {
        int before = find(upper, lower);
        if (before >= 0) {
            remove(before);
        }
        if (used == places.length) {
            resize(size > used / 2 ? 2 * used : used);
        }
        int slot = (head + used++) & (places.length - 1);
        high[slot] = upper;
        low[slot] = lower;
        nanos[slot] = putNanos;
        places[slot] = place;
        size++;
        enter(slot);
    }

    private void enter(int slot) {
        int mask = index.length - 1;
        int at = (int) low[slot] & mask;
        while (index[at] != 0) {
            at = (at + 1) & mask;
        }
        index[at] = slot + 1;
    }

    void remove(int slot) {
        places[slot] = REMOVED;
        size--;
        int mask = index.length - 1;
        int hole = (int) low[slot] & mask;
        while (index[hole] != slot + 1) {
            hole = (hole + 1) & mask;
        }
        // Whatever was pushed on by the one that goes moves up, so that no search ends too early.
        for (int at = (hole + 1) & mask; index[at] != 0; at = (at + 1) & mask) {
            int ideal = (int) low[index[at] - 1] & mask;
            if (((at - ideal) & mask) >= ((at - hole) & mask)) {
                index[hole] = index[at];
                hole = at;
            }
        }
        index[hole] = 0;
    }

    /// Lets go of those at the head that were put in a window ago or earlier. One that is younger
    /// than those behind it, as after a start, keeps them until its own time.
    void expire(long now, long windowNanos) {
        while (used > 0 && (places[head] == REMOVED || now - nanos[head] >= windowNanos)) {
            if (places[head] != REMOVED) {
                remove(head);
            }
            head = (head + 1) & (places.length - 1);
            used--;
        }
        if (places.length > SLOTS_MIN && size < places.length / 8) {
            resize(places.length / 4);
        }
    }

    private void resize(int slots) {
        int mask = places.length - 1;
        int kept = 0;
        long[] highThen = new long[Math.max(slots, SLOTS_MIN)];
        long[] lowThen = new long[highThen.length];
        long[] nanosThen = new long[highThen.length];
        long[] placesThen = new long[highThen.length];
        for (int i = 0; i < used; i++) {
            int slot = (head + i) & mask;
            if (places[slot] != REMOVED) {
                highThen[kept] = high[slot];
                lowThen[kept] = low[slot];
                nanosThen[kept] = nanos[slot];
                placesThen[kept++] = places[slot];
            }
        }
        high = highThen;
        low = lowThen;
        nanos = nanosThen;
        places = placesThen;
        head = 0;
        used = kept;
        index = new int[2 * highThen.length];
        for (int slot = 0; slot < kept; slot++) {
            enter(slot);
        }
    }
}

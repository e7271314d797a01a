package io.millrace.cursor;

import java.util.Arrays;

/// Everything that was taken and is neither settled nor dead, by offset: a hash table of plain
/// arrays with open addressing, 47 bytes an entry. Not thread-safe.
final class Outstanding {
    /// Leased to somebody.
    static final byte LEASED = 1;

    /// To be given out when it is due.
    static final byte WAITING = 2;

    /// Set aside.
    static final byte DEFERRED = 3;

    /// Its own time has not come; it has no place in the order of its key yet.
    static final byte SCHEDULED = 4;

    /// In snapshots only: to be passed over when it comes up.
    static final byte CANCELLED = 5;

    private static final int CAPACITY_MIN = 16;

    // One place that stays empty, shared by all that have nothing: most cursors of a server that
    // has many.
    private static final long[] NO_LONGS = new long[1];
    private static final byte[] NO_BYTES = new byte[1];
    private static final short[] NO_SHORTS = new short[1];
    private static final int[] NO_INTS = new int[1];

    private long[] offsets = NO_LONGS;
    private byte[] states = NO_BYTES;
    private short[] failures = NO_SHORTS;
    private int[] deliveries = NO_INTS;
    private long[] numbers = NO_LONGS;
    private long[] times = NO_LONGS;
    private long[] keys = NO_LONGS;
    private long[] firsts = NO_LONGS;
    private int size;
    private int scheduled;

    int size() {
        return size;
    }

    /// How many of them are scheduled.
    int scheduled() {
        return scheduled;
    }

    /// How many are in a state; looks at all.
    int count(byte state) {
        int count = 0;
        for (byte each : states) {
            count += each == state ? 1 : 0;
        }
        return count;
    }

    /// The slot of an offset, or -1. Slots hold until the next [#add] or [#remove].
    int find(long offset) {
        int mask = offsets.length - 1;
        for (int slot = home(offset, mask); states[slot] != 0; slot = (slot + 1) & mask) {
            if (offsets[slot] == offset) {
                return slot;
            }
        }
        return -1;
    }

    private static int home(long offset, int mask) {
        long mixed = offset * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & mask;
    }

    /// Adds an offset that is not there.
    int add(long offset, byte state, long key) {
        if ((size + 1) * 2 > offsets.length) {
            grow();
        }
        int mask = offsets.length - 1;
        int slot = home(offset, mask);
        while (states[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        offsets[slot] = offset;
        states[slot] = state;
        failures[slot] = 0;
        deliveries[slot] = 0;
        numbers[slot] = -1;
        times[slot] = 0;
        keys[slot] = key;
        firsts[slot] = 0;
        size++;
        scheduled += state == SCHEDULED ? 1 : 0;
        return slot;
    }

    private void grow() {
        Outstanding larger = new Outstanding();
        larger.allocate(Math.max(CAPACITY_MIN, offsets.length * 2));
        for (int slot = 0; slot < offsets.length; slot++) {
            if (states[slot] != 0) {
                int target = larger.add(offsets[slot], states[slot], keys[slot]);
                larger.failures[target] = failures[slot];
                larger.deliveries[target] = deliveries[slot];
                larger.numbers[target] = numbers[slot];
                larger.times[target] = times[slot];
                larger.firsts[target] = firsts[slot];
            }
        }
        offsets = larger.offsets;
        states = larger.states;
        failures = larger.failures;
        deliveries = larger.deliveries;
        numbers = larger.numbers;
        times = larger.times;
        keys = larger.keys;
        firsts = larger.firsts;
    }

    private void allocate(int capacity) {
        offsets = new long[capacity];
        states = new byte[capacity];
        failures = new short[capacity];
        deliveries = new int[capacity];
        numbers = new long[capacity];
        times = new long[capacity];
        keys = new long[capacity];
        firsts = new long[capacity];
    }

    /// Takes an entry out, and moves those up that had to give way to it.
    void remove(int slot) {
        scheduled -= states[slot] == SCHEDULED ? 1 : 0;
        int mask = offsets.length - 1;
        int hole = slot;
        int next = (hole + 1) & mask;
        while (states[next] != 0) {
            int home = home(offsets[next], mask);
            if (((next - home) & mask) >= ((next - hole) & mask)) {
                move(next, hole);
                hole = next;
            }
            next = (next + 1) & mask;
        }
        states[hole] = 0;
        size--;
    }

    private void move(int from, int to) {
        offsets[to] = offsets[from];
        states[to] = states[from];
        failures[to] = failures[from];
        deliveries[to] = deliveries[from];
        numbers[to] = numbers[from];
        times[to] = times[from];
        keys[to] = keys[from];
        firsts[to] = firsts[from];
    }

    void clear() {
        allocate(CAPACITY_MIN);
        size = 0;
        scheduled = 0;
    }

    /// All offsets, from the smallest on.
    long[] sorted() {
        long[] all = new long[size];
        int count = 0;
        for (int slot = 0; slot < offsets.length; slot++) {
            if (states[slot] != 0) {
                all[count++] = offsets[slot];
            }
        }
        Arrays.sort(all);
        return all;
    }

    /// Slots are numbered below this.
    int slots() {
        return offsets.length;
    }

    /// The offset in a slot, or -1 if it is empty.
    long offset(int slot) {
        return states[slot] == 0 ? -1 : offsets[slot];
    }

    byte state(int slot) {
        return states[slot];
    }

    void state(int slot, byte state) {
        scheduled += (state == SCHEDULED ? 1 : 0) - (states[slot] == SCHEDULED ? 1 : 0);
        states[slot] = state;
    }

    int failures(int slot) {
        return failures[slot];
    }

    void failures(int slot, int count) {
        failures[slot] = (short) Math.min(count, Short.MAX_VALUE);
    }

    int deliveries(int slot) {
        return deliveries[slot];
    }

    void deliveries(int slot, int count) {
        deliveries[slot] = count;
    }

    /// The number of its last delivery; -1 if it has had none.
    long number(int slot) {
        return numbers[slot];
    }

    void number(int slot, long number) {
        numbers[slot] = number;
    }

    /// When its lease ends, or when it is due.
    long time(int slot) {
        return times[slot];
    }

    void time(int slot, long millis) {
        times[slot] = millis;
    }

    /// When it was given out for the first time; 0 if it was not.
    long first(int slot) {
        return firsts[slot];
    }

    void first(int slot, long millis) {
        firsts[slot] = millis;
    }

    long key(int slot) {
        return keys[slot];
    }

    void forgetKey(int slot) {
        keys[slot] = 0;
    }
}

package io.millrace.keyed;

import io.millrace.event.Bytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Where the latest record of each key is, by key and in the order of the offsets.
///
/// Entries are appended to arrays in the order of their offsets; a hash table of their ordinals
/// finds them by key. One that was replaced or deleted stays as a gap until there are as many gaps
/// as entries. So an entry takes 30 bytes, and up to 45 after growth, whatever the key's length:
/// keys count by 128 bits of their SHA-256, as they do in the log's compaction.
///
/// Not thread-safe.
final class KeyIndex {
    private static final int CAPACITY_MIN = 1024;

    /// Ascending; the complement of the offset marks a gap.
    private long[] offsets;

    private long[] firsts;
    private long[] seconds;

    /// Ordinals plus one, with linear probing; 0 is free. A gap stays in its place, so that probing
    /// goes on behind it.
    private int[] table;

    private int used;
    private int live;

    private final MessageDigest digest;
    private final byte[] hash = new byte[32];
    private long first;
    private long second;

    KeyIndex() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        offsets = new long[CAPACITY_MIN];
        firsts = new long[CAPACITY_MIN];
        seconds = new long[CAPACITY_MIN];
        table = new int[tableSize(CAPACITY_MIN)];
    }

    private static int tableSize(int capacity) {
        return capacity + capacity / 2;
    }

    int size() {
        return live;
    }

    /// The offset of the key's latest record; -1 if there is none.
    long find(Bytes key) {
        int ordinal = table[slotOf(key)] - 1;
        return ordinal >= 0 && offsets[ordinal] >= 0 ? offsets[ordinal] : -1;
    }

    /// @param offset higher than any before
    void put(Bytes key, long offset) {
        leave(slotOf(key));
        if (used == offsets.length) {
            rebuild();
        }
        int slot = slot(first, second);
        offsets[used] = offset;
        firsts[used] = first;
        seconds[used] = second;
        used++;
        live++;
        table[slot] = used;
    }

    void remove(Bytes key) {
        leave(slotOf(key));
        if (used - live > live + CAPACITY_MIN) {
            rebuild();
        }
    }

    /// Makes a gap of the entry in a slot, if there is one.
    private void leave(int slot) {
        int ordinal = table[slot] - 1;
        if (ordinal >= 0 && offsets[ordinal] >= 0) {
            offsets[ordinal] = ~offsets[ordinal];
            live--;
        }
    }

    /// The first offset, from this one on, of a record that is some key's latest; -1 if there is
    /// none.
    long next(long from) {
        for (int i = ordinalFrom(from); i < used; i++) {
            if (offsets[i] >= 0) {
                return offsets[i];
            }
        }
        return -1;
    }

    boolean isLatest(long offset) {
        int ordinal = ordinalFrom(offset);
        return ordinal < used && offsets[ordinal] == offset;
    }

    /// The first entry, gaps included, at or behind an offset.
    private int ordinalFrom(long offset) {
        int low = 0;
        int high = used;
        while (low < high) {
            int middle = (low + high) >>> 1;
            long there = offsets[middle];
            if ((there < 0 ? ~there : there) < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// The slot of the key, or the free one where it would be.
    private int slotOf(Bytes key) {
        digest.update(key.backingArray(), key.backingStart(), key.length());
        try {
            digest.digest(hash, 0, hash.length);
        } catch (java.security.DigestException e) {
            throw new IllegalStateException("a SHA-256 hash has 32 bytes", e);
        }
        ByteBuffer buffer = ByteBuffer.wrap(hash);
        first = buffer.getLong();
        second = buffer.getLong();
        return slot(first, second);
    }

    private int slot(long high, long low) {
        int slot = (int) Long.remainderUnsigned(high, table.length);
        while (true) {
            int ordinal = table[slot] - 1;
            if (ordinal < 0 || (firsts[ordinal] == high && seconds[ordinal] == low)) {
                return slot;
            }
            slot = slot + 1 == table.length ? 0 : slot + 1;
        }
    }

    /// Leaves the gaps out, and makes room for half as many more.
    private void rebuild() {
        int capacity = Math.max(CAPACITY_MIN, live + live / 2);
        long[] oldOffsets = offsets;
        long[] oldFirsts = firsts;
        long[] oldSeconds = seconds;
        int count = used;
        offsets = new long[capacity];
        firsts = new long[capacity];
        seconds = new long[capacity];
        table = new int[tableSize(capacity)];
        used = 0;
        for (int i = 0; i < count; i++) {
            if (oldOffsets[i] >= 0) {
                int slot = slot(oldFirsts[i], oldSeconds[i]);
                offsets[used] = oldOffsets[i];
                firsts[used] = oldFirsts[i];
                seconds[used] = oldSeconds[i];
                used++;
                table[slot] = used;
            }
        }
    }
}

package io.millrace.log.clean;

import io.millrace.log.batch.BatchFormat;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The latest offset of each key, by 16 bytes of the key's hash: bounded memory, whatever the keys.
///
/// Open addressing in one array of three longs a slot. Two keys with the same 128 bits of SHA-256
/// would be taken for one; nobody has ever found such a pair.
final class OffsetMap {
    private static final int SLOT_LONGS = 3;
    private static final double LOAD_MAX = 0.75;

    private final long[] slots;
    private final int slotCount;
    private final int entriesMax;
    private final MessageDigest digest;
    private int entries;
    private long first;
    private long second;

    /// @param bytesMax memory to use
    OffsetMap(int bytesMax) {
        slotCount = Math.max(16, bytesMax / (SLOT_LONGS * Long.BYTES));
        slots = new long[slotCount * SLOT_LONGS];
        entriesMax = (int) (slotCount * LOAD_MAX);
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    boolean isFull() {
        return entries >= entriesMax;
    }

    /// Remembers the offset for the key, which is later than any before.
    void put(byte[] bytes, int at, int length, long offset) {
        int slot = find(bytes, at, length);
        if (slots[slot + 2] == 0) {
            entries++;
        }
        slots[slot] = first;
        slots[slot + 1] = second;
        slots[slot + 2] = offset + 1;
    }

    /// The key's latest offset; -1 if it is not known.
    long get(byte[] bytes, int at, int length) {
        return slots[find(bytes, at, length) + 2] - 1;
    }

    private int find(byte[] bytes, int at, int length) {
        digest.update(bytes, at, length);
        byte[] hash = digest.digest();
        first = BatchFormat.baseOffset(hash, 0);
        second = BatchFormat.baseOffset(hash, Long.BYTES);
        int slot = (int) Long.remainderUnsigned(first, slotCount);
        while (true) {
            int from = slot * SLOT_LONGS;
            boolean isFree = slots[from + 2] == 0;
            if (isFree || (slots[from] == first && slots[from + 1] == second)) {
                return from;
            }
            slot = slot + 1 == slotCount ? 0 : slot + 1;
        }
    }
}

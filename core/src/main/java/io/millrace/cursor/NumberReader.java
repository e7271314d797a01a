package io.millrace.cursor;

import java.util.Arrays;

/// Reads what [NumberWriter] wrote, and trusts nothing.
final class NumberReader {
    private final byte[] bytes;
    private int at;

    NumberReader(byte[] bytes) {
        this.bytes = bytes;
    }

    long take() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at == bytes.length) {
                throw new IllegalArgumentException("a number ends too early");
            }
            byte next = bytes[at++];
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new IllegalArgumentException("a number is too long");
    }

    int takeInt() {
        long value = take();
        if (value != (int) value) {
            throw new IllegalArgumentException(value + " is too large here");
        }
        return (int) value;
    }

    /// A count of things of which each takes a byte at least.
    int takeCount() {
        int count = takeInt();
        if (count < 0 || count > bytes.length - at) {
            throw new IllegalArgumentException(count + " things do not fit into what follows");
        }
        return count;
    }

    /// What is left.
    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(bytes, at, bytes.length);
        at = bytes.length;
        return rest;
    }

    void requireEnd() {
        if (at != bytes.length) {
            throw new IllegalArgumentException((bytes.length - at) + " bytes are too many");
        }
    }
}

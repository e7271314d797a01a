package io.millrace.cursor;

import java.util.Arrays;

/// Writes numbers with as many bytes as they need: zigzag, seven bits a byte, the lowest first.
final class NumberWriter {
    private static final int BYTES_MAX = 10;

    private byte[] bytes = new byte[64];
    private int size;

    NumberWriter put(long value) {
        if (size + BYTES_MAX > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    NumberWriter put(byte[] more) {
        if (size + more.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more.length));
        }
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
        return this;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }
}

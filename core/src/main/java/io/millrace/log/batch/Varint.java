package io.millrace.log.batch;

/// Kafka's variable-length integers: zigzag, seven bits a byte, the lowest first.
public final class Varint {
    private Varint() {}

    public static int size(int value) {
        int zigzag = (value << 1) ^ (value >> 31);
        return (38 - Integer.numberOfLeadingZeros(zigzag)) / 7 + (zigzag == 0 ? 1 : 0);
    }

    /// Writes at `at`.
    ///
    /// @return the position behind
    public static int write(byte[] target, int at, int value) {
        int rest = (value << 1) ^ (value >> 31);
        int position = at;
        while ((rest & ~0x7F) != 0) {
            target[position++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[position++] = (byte) rest;
        return position;
    }

    /// Steps over a varint of up to 64 bits.
    ///
    /// @return the position behind
    public static int skip(byte[] source, int at) {
        int position = at;
        while (source[position++] < 0) {
            // one more byte belongs to it
        }
        return position;
    }

    /// Reads the varint that ends before `end`.
    public static int read(byte[] source, int at, int end) {
        int value = 0;
        int shift = 0;
        for (int position = at; position < end; position++) {
            value |= (source[position] & 0x7F) << shift;
            shift += 7;
        }
        return (value >>> 1) ^ -(value & 1);
    }

    public static long readLong(byte[] source, int at, int end) {
        long value = 0;
        int shift = 0;
        for (int position = at; position < end; position++) {
            value |= (long) (source[position] & 0x7F) << shift;
            shift += 7;
        }
        return (value >>> 1) ^ -(value & 1);
    }
}

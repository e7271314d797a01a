package io.millrace.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// An immutable run of bytes: a window on an array that nobody changes any more.
///
/// [#wrap(byte\[\])] takes the array over without copying it; whoever calls it gives up writing to
/// the array.
public final class Bytes {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MIXING = 0x9E3779B97F4A7C15L;

    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private final byte[] array;
    private final int start;
    private final int length;

    private Bytes(byte[] array, int start, int length) {
        this.array = array;
        this.start = start;
        this.length = length;
    }

    /// Takes the array over; the caller must not write to it again.
    public static Bytes wrap(byte[] array) {
        return new Bytes(array, 0, array.length);
    }

    /// Takes a part of the array over; the caller must not write to that part again.
    public static Bytes wrap(byte[] array, int start, int length) {
        if (start < 0 || length < 0 || start > array.length - length) {
            throw new IndexOutOfBoundsException(
                    "start %d, length %d of %d".formatted(start, length, array.length));
        }
        return new Bytes(array, start, length);
    }

    /// Copies what remains in the buffer, whose position does not move.
    public static Bytes copyOf(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(buffer.position(), copy);
        return wrap(copy);
    }

    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    public byte at(int index) {
        if (index < 0 || index >= length) {
            throw new IndexOutOfBoundsException(index);
        }
        return array[start + index];
    }

    public Bytes slice(int from, int to) {
        if (from < 0 || to > length || from > to) {
            throw new IndexOutOfBoundsException("%d to %d of %d".formatted(from, to, length));
        }
        return new Bytes(array, start + from, to - from);
    }

    /// The array that these bytes are a window on, for codecs that scan it; never write to it.
    public byte[] backingArray() {
        return array;
    }

    /// Where in [#backingArray] these bytes begin.
    public int backingStart() {
        return start;
    }

    /// A read-only view.
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(array, start, length).slice().asReadOnlyBuffer();
    }

    public void writeTo(ByteBuffer target) {
        target.put(array, start, length);
    }

    /// Copies everything into `target` from `position` on.
    public void copyTo(byte[] target, int position) {
        System.arraycopy(array, start, target, position, length);
    }

    public byte[] toArray() {
        return Arrays.copyOfRange(array, start, start + length);
    }

    /// The bytes as UTF-8 text; malformed sequences become U+FFFD.
    public String toUtf8() {
        return new String(array, start, length, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that
                && Arrays.equals(
                        array,
                        start,
                        start + length,
                        that.array,
                        that.start,
                        that.start + that.length);
    }

    @Override
    public int hashCode() {
        // Eight at a time, as these are keys on the way of every event.
        long hash = length;
        int i = start;
        int end = start + length;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            hash = (hash ^ (long) LONGS.get(array, i)) * MIXING;
            hash ^= hash >>> 32;
        }
        for (; i < end; i++) {
            hash = (hash ^ array[i]) * MIXING;
        }
        return (int) (hash ^ hash >>> 32);
    }

    @Override
    public String toString() {
        int shown = Math.min(length, 32);
        String hex = HexFormat.of().formatHex(array, start, start + shown);
        return "Bytes[" + length + ": " + hex + (shown < length ? "…]" : "]");
    }
}

package io.millrace.event.format;

import io.millrace.event.Bytes;
import java.io.OutputStream;
import java.util.Arrays;

/// A buffer of bytes that grows as it is written to. Owned by one thread; may be cleared and used
/// again.
public final class ByteSink extends OutputStream {
    private byte[] buffer;
    private int length;

    public ByteSink(int capacity) {
        this.buffer = new byte[capacity];
    }

    @Override
    public void write(int value) {
        ensure(1);
        buffer[length++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int from, int count) {
        ensure(count);
        System.arraycopy(source, from, buffer, length, count);
        length += count;
    }

    public void write(Bytes source) {
        write(source.backingArray(), source.backingStart(), source.length());
    }

    /// Writes text of which the caller knows that it is ASCII.
    public void ascii(String text) {
        int count = text.length();
        ensure(count);
        for (int i = 0; i < count; i++) {
            buffer[length + i] = (byte) text.charAt(i);
        }
        length += count;
    }

    /// Makes room for `count` more bytes, so that [#claim] can be filled in place.
    void ensure(int count) {
        if (count > buffer.length - length) {
            long wanted = Math.max((long) length + count, 2L * buffer.length);
            int limit = Integer.MAX_VALUE - 8;
            if ((long) length + count > limit) {
                throw new OutOfMemoryError("more than 2 GB in one buffer");
            }
            buffer = Arrays.copyOf(buffer, (int) Math.min(wanted, limit));
        }
    }

    /// The array itself, valid until the next write; bytes up to [#length] count.
    byte[] array() {
        return buffer;
    }

    /// Takes over `count` bytes that the caller put into [#array] behind [#length].
    void claim(int count) {
        length += count;
    }

    public int length() {
        return length;
    }

    public void clear() {
        length = 0;
    }

    /// A copy of what was written.
    public Bytes toBytes() {
        return Bytes.wrap(toArray());
    }

    /// A copy of what was written.
    public byte[] toArray() {
        return Arrays.copyOf(buffer, length);
    }
}

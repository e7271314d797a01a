package io.millrace.gateway.kafka.group.state;

import io.millrace.event.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Writes the fields of a row one after the other. Numbers take as many bytes as they need, small
/// ones one.
public final class RowWriter {
    private byte[] bytes = new byte[128];
    private int size;

    /// A row begins with the version of its form.
    public RowWriter(int version) {
        number(version);
    }

    public RowWriter number(long value) {
        long rest = (value << 1) ^ (value >> 63);
        room(10);
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    public RowWriter id(UUID id) {
        return fixed(id.getMostSignificantBits()).fixed(id.getLeastSignificantBits());
    }

    private RowWriter fixed(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
        return this;
    }

    public RowWriter text(@Nullable String text) {
        return bytes(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    public RowWriter texts(Collection<String> texts) {
        number(texts.size());
        texts.forEach(this::text);
        return this;
    }

    public RowWriter bytes(byte @Nullable [] value) {
        if (value == null) {
            return number(-1);
        }
        number(value.length);
        room(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    private void room(int wanted) {
        if (bytes.length - size < wanted) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + wanted));
        }
    }

    public Bytes done() {
        return Bytes.wrap(Arrays.copyOf(bytes, size));
    }
}

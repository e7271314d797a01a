package io.millrace.gateway.kafka.group.state;

import io.millrace.event.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads what a [RowWriter] wrote.
public final class RowReader {
    private final Bytes row;
    private int position;

    /// @throws IllegalArgumentException if the row's form is of another version
    public RowReader(Bytes row, int version) {
        this.row = row;
        long found = number();
        if (found != version) {
            throw new IllegalArgumentException(
                    "a row of the groups' table has form %d, not %d".formatted(found, version));
        }
    }

    public long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = row.at(position++);
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                break;
            }
        }
        return (value >>> 1) ^ -(value & 1);
    }

    public int integer() {
        return Math.toIntExact(number());
    }

    public UUID id() {
        return new UUID(fixed(), fixed());
    }

    private long fixed() {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = (value << 8) | (row.at(position++) & 0xFF);
        }
        return value;
    }

    public @Nullable String textOrNull() {
        byte @Nullable [] bytes = bytesOrNull();
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    public String text() {
        String text = textOrNull();
        return text == null ? "" : text;
    }

    public List<String> texts() {
        int count = integer();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(text());
        }
        return texts;
    }

    public byte @Nullable [] bytesOrNull() {
        int length = integer();
        if (length < 0) {
            return null;
        }
        byte[] bytes = row.slice(position, position + length).toArray();
        position += length;
        return bytes;
    }

    public byte[] bytes() {
        byte @Nullable [] bytes = bytesOrNull();
        return bytes == null ? new byte[0] : bytes;
    }
}

package io.millrace.log.batch;

import io.millrace.event.Bytes;
import io.millrace.log.HeaderWindows;
import io.millrace.log.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A flyweight over one record in a batch; moved from record to record by [BatchSlice].
///
/// Keys and headers are windows on the slice's bytes; values are copied.
public final class RecordView implements LogRecord {
    private final byte[] bytes;
    private long lastOfBatch;
    private long offset;
    private long timestampMillis;
    private int keyAt;
    private int keyBytes;
    private int valueAt;
    private int valueBytes;
    private int headersAt;
    private int headerCount;

    public RecordView(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Enters a batch.
    void enter(long last) {
        lastOfBatch = last;
    }

    /// Moves onto the record whose length field is at `at`.
    ///
    /// @return the position behind the record
    public int moveTo(int at, long baseOffset, long baseTimestamp) {
        int position = Varint.skip(bytes, at);
        int end = position + Varint.read(bytes, at, position);
        int from = position + 1;
        position = Varint.skip(bytes, from);
        timestampMillis = baseTimestamp + Varint.readLong(bytes, from, position);
        from = position;
        position = Varint.skip(bytes, from);
        offset = baseOffset + Varint.read(bytes, from, position);
        from = position;
        keyAt = Varint.skip(bytes, from);
        keyBytes = Varint.read(bytes, from, keyAt);
        from = keyAt + Math.max(0, keyBytes);
        valueAt = Varint.skip(bytes, from);
        valueBytes = Varint.read(bytes, from, valueAt);
        from = valueAt + Math.max(0, valueBytes);
        headersAt = Varint.skip(bytes, from);
        headerCount = Varint.read(bytes, from, headersAt);
        return end;
    }

    public boolean hasKey() {
        return keyBytes >= 0;
    }

    public int keyAt() {
        return keyAt;
    }

    public int keyBytes() {
        return keyBytes;
    }

    public int valueAt() {
        return valueAt;
    }

    public int valueBytes() {
        return valueBytes;
    }

    @Override
    public boolean hasValue() {
        return valueBytes >= 0;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long lastOfBatch() {
        return lastOfBatch;
    }

    @Override
    public int valueLength() {
        return Math.max(0, valueBytes);
    }

    @Override
    public long timestampMillis() {
        return timestampMillis;
    }

    @Override
    public @Nullable Bytes key() {
        return keyBytes < 0 ? null : Bytes.wrap(bytes, keyAt, keyBytes);
    }

    @Override
    public @Nullable Bytes value() {
        return valueBytes < 0
                ? null
                : Bytes.wrap(Arrays.copyOfRange(bytes, valueAt, valueAt + valueBytes));
    }

    @Override
    public @Nullable Bytes valueWindow() {
        return valueBytes < 0 ? null : Bytes.wrap(bytes, valueAt, valueBytes);
    }

    @Override
    public void find(HeaderWindows windows) {
        windows.begin(bytes);
        int position = headersAt;
        for (int i = 0; i < headerCount; i++) {
            int nameAt = Varint.skip(bytes, position);
            int nameBytes = Varint.read(bytes, position, nameAt);
            int lengthAt = nameAt + nameBytes;
            int valueStart = Varint.skip(bytes, lengthAt);
            int length = Varint.read(bytes, lengthAt, valueStart);
            windows.header(nameAt, nameBytes, valueStart, length);
            position = valueStart + Math.max(0, length);
        }
    }

    @Override
    public @Nullable Bytes header(String name) {
        int position = headersAt;
        for (int i = 0; i < headerCount; i++) {
            int nameAt = Varint.skip(bytes, position);
            int nameBytes = Varint.read(bytes, position, nameAt);
            int lengthAt = nameAt + nameBytes;
            int valueStart = Varint.skip(bytes, lengthAt);
            int length = Varint.read(bytes, lengthAt, valueStart);
            if (isAscii(name, nameAt, nameBytes)) {
                return length < 0 ? null : Bytes.wrap(bytes, valueStart, length);
            }
            position = valueStart + Math.max(0, length);
        }
        return null;
    }

    @Override
    public @Nullable Bytes headerAt(int index, String name) {
        if (index >= headerCount) {
            return null;
        }
        int position = headersAt;
        for (int i = 0; ; i++) {
            int nameAt = Varint.skip(bytes, position);
            int nameBytes = Varint.read(bytes, position, nameAt);
            int lengthAt = nameAt + nameBytes;
            int valueStart = Varint.skip(bytes, lengthAt);
            int length = Varint.read(bytes, lengthAt, valueStart);
            if (i == index) {
                return length >= 0 && isAscii(name, nameAt, nameBytes)
                        ? Bytes.wrap(bytes, valueStart, length)
                        : null;
            }
            position = valueStart + Math.max(0, length);
        }
    }

    private boolean isAscii(String name, int at, int length) {
        if (name.length() != length) {
            return false;
        }
        for (int i = length - 1; i >= 0; i--) {
            if (name.charAt(i) != bytes[at + i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void forEachHeader(HeaderVisitor visitor) {
        int position = headersAt;
        for (int i = 0; i < headerCount; i++) {
            int nameAt = Varint.skip(bytes, position);
            int nameBytes = Varint.read(bytes, position, nameAt);
            int lengthAt = nameAt + nameBytes;
            int valueStart = Varint.skip(bytes, lengthAt);
            int length = Varint.read(bytes, lengthAt, valueStart);
            String name = new String(bytes, nameAt, nameBytes, StandardCharsets.UTF_8);
            visitor.header(name, length < 0 ? null : Bytes.wrap(bytes, valueStart, length));
            position = valueStart + Math.max(0, length);
        }
    }
}

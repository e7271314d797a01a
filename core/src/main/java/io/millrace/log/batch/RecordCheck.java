package io.millrace.log.batch;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.BatchCheck;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Walks over the records of an incoming batch, believing nothing. For one batch.
///
/// The bytes at hand are a window: all records of an uncompressed batch, or what has last been
/// decompressed.
public final class RecordCheck implements BatchCheck.RecordHeaderView {
    private static final int WINDOW_BYTES = 48 << 10;
    private static final int NAME_BYTES_MAX = 255;
    private static final int VARINT_BYTES_MAX = 5;
    private static final int VARLONG_BYTES_MAX = 10;

    private final BatchCheck.Rules rules;
    private final BatchCheck.HeaderVisitor headers;
    private final long baseTimestamp;
    private final int count;
    private final int codec;
    private final byte[] batch;
    private final int start;
    private final int batchEnd;

    private byte[] window;
    private int at;
    private int end;

    /// How many bytes had gone by where the window begins.
    private long passed;

    private @Nullable InputStream source;
    private boolean hasEnded;

    private long maxTimestamp = Long.MIN_VALUE;
    private int record;
    private int nameAt;
    private int nameBytes;
    private int valueAt;
    private int valueBytes;

    /// @param start where in the bytes the batch begins, whose header is sound
    public RecordCheck(
            byte[] bytes, int start, BatchCheck.Rules rules, BatchCheck.HeaderVisitor headers) {
        this.rules = rules;
        this.headers = headers;
        this.baseTimestamp = BatchFormat.baseTimestamp(bytes, start);
        this.count = BatchFormat.recordCount(bytes, start);
        this.codec = BatchFormat.compression(bytes, start);
        this.batch = bytes;
        this.start = start;
        this.batchEnd = start + BatchFormat.size(bytes, start);
        this.window = bytes;
        this.at = start + BatchFormat.HEADER_BYTES;
        this.end = batchEnd;
        this.passed = -at;
    }

    /// The latest time of a record, after [#run].
    public long maxTimestamp() {
        return maxTimestamp;
    }

    /// @throws MillraceException RECORD_INVALID, ENCODING_UNSUPPORTED, TIMESTAMP_INVALID
    public void run() {
        if (codec == Compression.NONE) {
            try {
                records();
            } catch (IOException e) {
                throw new IllegalStateException("nothing is read", e);
            }
            return;
        }
        if (!Compression.isKnown(codec)) {
            throw new MillraceException(
                    ErrorCode.ENCODING_UNSUPPORTED,
                    "The record batch has compression type %d; known are 1 (gzip), 2 (snappy), 3 (lz4) and 4 (zstd)."
                            .formatted(codec));
        }
        try (InputStream stream = Compression.stream(batch, start)) {
            source = stream;
            window = new byte[WINDOW_BYTES];
            at = 0;
            end = 0;
            passed = 0;
            records();
        } catch (IOException e) {
            throw invalid("cannot be decompressed: " + e.getMessage());
        }
    }

    private void records() throws IOException {
        for (int i = 0; i < count; i++) {
            record = i;
            oneRecord();
        }
        if (at < end || fill(1)) {
            throw invalid("have bytes behind the last");
        }
    }

    private void oneRecord() throws IOException {
        int length = varint();
        if (length < BatchFormat.RECORD_BYTES_MIN - 1) {
            throw invalid("say that one has %d bytes".formatted(length));
        }
        long recordEnd = passed + at + length;
        need(1);
        at++;
        long timestamp = baseTimestamp + varlong();
        if (timestamp < -1 || timestamp > rules.latestMillis()) {
            throw wrongTime(timestamp);
        }
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        int delta = varint();
        if (delta != record) {
            throw invalid("have offset delta %d where %d has to be".formatted(delta, record));
        }
        int keyBytes = varint();
        if (keyBytes < 0 && rules.needsKeys()) {
            throw invalid("lack a key, which a compacted stream needs");
        }
        skip(keyBytes, recordEnd);
        skip(varint(), recordEnd);
        int headerCount = varint();
        // Each has two lengths at least.
        if (headerCount < 0 || headerCount > (recordEnd - passed - at) / 2) {
            throw invalid("say that one has %d headers".formatted(headerCount));
        }
        for (int i = 0; i < headerCount; i++) {
            oneHeader(recordEnd);
        }
        if (passed + at != recordEnd) {
            throw invalid("do not end where their lengths say");
        }
    }

    private void oneHeader(long recordEnd) throws IOException {
        nameBytes = varint();
        if (nameBytes < 0) {
            throw invalid("have a header without a name");
        }
        if (nameBytes > NAME_BYTES_MAX) {
            skip(nameBytes, recordEnd);
            skip(varint(), recordEnd);
            return;
        }
        requireInside(nameBytes, recordEnd);
        // With the name at hand all of a short value is too, and nothing moves meanwhile.
        int ahead = nameBytes + VARINT_BYTES_MAX + VALUE_BYTES_MAX;
        if (end - at < ahead) {
            fill(ahead);
        }
        need(nameBytes);
        nameAt = at;
        at += nameBytes;
        valueBytes = varint();
        valueAt = at;
        requireInside(valueBytes, recordEnd);
        if (valueBytes <= VALUE_BYTES_MAX) {
            need(Math.max(0, valueBytes));
        }
        headers.header(this);
        skip(valueBytes, recordEnd);
    }

    private void requireInside(int length, long recordEnd) {
        if (length < -1 || length > recordEnd - passed - at) {
            throw invalid("have a field of %d bytes, which does not fit".formatted(length));
        }
    }

    /// Steps over a key or value; -1 is `null`.
    private void skip(int length, long recordEnd) throws IOException {
        requireInside(length, recordEnd);
        int left = Math.max(0, length);
        while (end - at < left) {
            left -= end - at;
            at = end;
            need(1);
        }
        at += left;
    }

    private void need(int bytes) throws IOException {
        if (end - at < bytes && !fill(bytes)) {
            throw invalid("end too early");
        }
    }

    /// Gets more into the window, so that it has so many bytes from here on.
    ///
    /// @return false if there are not as many
    private boolean fill(int bytes) throws IOException {
        InputStream from = source;
        if (from == null || hasEnded) {
            // Nothing moves any more.
            return false;
        }
        System.arraycopy(window, at, window, 0, end - at);
        passed += at;
        end -= at;
        at = 0;
        while (end < bytes) {
            int read = from.read(window, end, window.length - end);
            if (read < 0) {
                hasEnded = true;
                return false;
            }
            end += read;
            if (passed + end > BatchFormat.RECORDS_BYTES_MAX) {
                throw invalid(
                        "have more than %d bytes uncompressed"
                                .formatted(BatchFormat.RECORDS_BYTES_MAX));
            }
        }
        return true;
    }

    private int varint() throws IOException {
        if (end - at < VARINT_BYTES_MAX) {
            fill(VARINT_BYTES_MAX);
        }
        int bytes = shortBytes();
        return bytes == 0 ? (int) longVarint(VARINT_BYTES_MAX) : shortVarint(bytes);
    }

    private long varlong() throws IOException {
        if (end - at < VARLONG_BYTES_MAX) {
            fill(VARLONG_BYTES_MAX);
        }
        int bytes = shortBytes();
        return bytes == 0 ? longVarint(VARLONG_BYTES_MAX) : shortVarint(bytes);
    }

    /// How many bytes the next number has if these are one or two, as nearly all have; else 0.
    private int shortBytes() {
        if (at < end && window[at] >= 0) {
            return 1;
        }
        return at + 1 < end && window[at + 1] >= 0 ? 2 : 0;
    }

    private int shortVarint(int bytes) {
        int zigzag = window[at] & 0x7F;
        if (bytes == 2) {
            zigzag |= window[at + 1] << 7;
        }
        at += bytes;
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    private long longVarint(int bytesMax) {
        long value = 0;
        for (int i = 0; i < bytesMax; i++) {
            if (at == end) {
                throw invalid("end too early");
            }
            byte next = window[at++];
            value |= (long) (next & 0x7F) << (7 * i);
            if (next >= 0) {
                if (bytesMax == VARINT_BYTES_MAX && value >>> Integer.SIZE != 0) {
                    break;
                }
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw invalid("have a number that is too long");
    }

    private MillraceException wrongTime(long timestamp) {
        return new MillraceException(
                ErrorCode.TIMESTAMP_INVALID,
                timestamp < -1
                        ? "Record %d of the batch has the time %d; it has to be milliseconds since 1970, or -1."
                                .formatted(record, timestamp)
                        : "Record %d of the batch has the time %d, in the future; at most %d is accepted now."
                                .formatted(record, timestamp, rules.latestMillis()));
    }

    private MillraceException invalid(String what) {
        return new MillraceException(
                ErrorCode.RECORD_INVALID,
                "The records of the batch %s (looking at record %d of %d)."
                        .formatted(what, record, count));
    }

    @Override
    public int record() {
        return record;
    }

    @Override
    public boolean isNamed(byte[] name) {
        return Arrays.equals(window, nameAt, nameAt + nameBytes, name, 0, name.length);
    }

    @Override
    public int valueAt() {
        return valueAt;
    }

    @Override
    public int valueBytes() {
        return valueBytes;
    }

    @Override
    public byte[] bytes() {
        return window;
    }
}

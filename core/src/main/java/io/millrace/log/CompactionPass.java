package io.millrace.log;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/// Reads segments for compaction: first to learn the latest offset of each key, then to copy what
/// stays. Owned by the thread that appends.
///
/// A record stays if no later one has its key, and if it has a value or is younger than the grace
/// that tombstones have. Batches keep their first and last offset and their time; one of which
/// nothing stays goes whole.
final class CompactionPass {
    private static final int COPY_BYTES = 1 << 20;

    private final OffsetMap latest;
    private final long tombstonesBefore;
    private final CRC32C crc = new CRC32C();
    private long mappedTo;

    /// @param memoryBytes for the keys' latest offsets
    /// @param tombstonesBefore records without value that are older go
    CompactionPass(int memoryBytes, long tombstonesBefore) {
        this.latest = new OffsetMap(memoryBytes);
        this.tombstonesBefore = tombstonesBefore;
    }

    /// The offset up to which the latest offsets are known.
    long mappedTo() {
        return mappedTo;
    }

    /// Learns the keys from `from` on, until memory is used up.
    void map(List<Segment> segments, long from) throws IOException {
        mappedTo = from;
        for (Segment segment : segments) {
            OpenFile open = segment.open();
            try {
                BatchScanner scanner = new BatchScanner(open.file(), 0, segment.bytes());
                while (!latest.isFull() && takesNext(scanner, segment)) {
                    map(scanner, from);
                    scanner.step();
                }
            } finally {
                open.leave();
            }
        }
    }

    private void map(BatchScanner scanner, long from) {
        byte[] bytes = scanner.bytes();
        RecordView view = new RecordView(bytes);
        int at = scanner.start() + BatchFormat.HEADER_BYTES;
        for (int i = BatchFormat.recordCount(bytes, scanner.start()); i > 0; i--) {
            at = view.moveTo(at, scanner.baseOffset(), 0);
            if (view.offset() >= from && view.hasKey() && !latest.isFull()) {
                latest.put(bytes, view.keyAt(), view.keyBytes(), view.offset());
                mappedTo = view.offset() + 1;
            }
        }
    }

    private static boolean takesNext(BatchScanner scanner, Segment segment) throws IOException {
        return switch (scanner.look(segment.baseOffset())) {
            case BATCH -> true;
            case END -> false;
            case DAMAGE ->
                    throw new MillraceException(
                            ErrorCode.PARTITION_CORRUPT,
                            "The log is not compacted, because %s is damaged at position %d."
                                    .formatted(segment.path(), scanner.position()));
        };
    }

    /// Copies what stays of one segment.
    ///
    /// @return the position behind what was written
    int copy(Segment segment, DiskFile target, int position) throws IOException {
        OpenFile open = segment.open();
        ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
        int written = position;
        try {
            BatchScanner scanner = new BatchScanner(open.file(), 0, segment.bytes());
            while (takesNext(scanner, segment)) {
                byte[] batch = kept(scanner);
                if (batch.length > buffer.remaining()) {
                    written += drain(buffer, target, written);
                }
                if (batch.length > buffer.remaining()) {
                    target.write(ByteBuffer.wrap(batch), written);
                    written += batch.length;
                } else {
                    buffer.put(batch);
                }
                scanner.step();
            }
            return written + drain(buffer, target, written);
        } finally {
            open.leave();
        }
    }

    private static int drain(ByteBuffer buffer, DiskFile target, int position) throws IOException {
        buffer.flip();
        int bytes = buffer.remaining();
        if (bytes > 0) {
            target.write(buffer, position);
        }
        buffer.clear();
        return bytes;
    }

    /// The batch with what stays of it; empty if nothing does.
    private byte[] kept(BatchScanner scanner) {
        byte[] source = scanner.bytes();
        int start = scanner.start();
        int count = BatchFormat.recordCount(source, start);
        ByteBuffer target = ByteBuffer.allocate(scanner.size());
        target.put(source, start, BatchFormat.HEADER_BYTES);
        RecordView view = new RecordView(source);
        long baseTimestamp = BatchFormat.baseTimestamp(source, start);
        int at = start + BatchFormat.HEADER_BYTES;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int next = view.moveTo(at, scanner.baseOffset(), baseTimestamp);
            if (stays(source, view)) {
                target.put(source, at, next - at);
                kept++;
            }
            at = next;
        }
        if (kept == 0) {
            return new byte[0];
        }
        byte[] batch = Arrays.copyOf(target.array(), target.position());
        if (kept < count) {
            seal(batch, kept);
        }
        return batch;
    }

    private void seal(byte[] batch, int count) {
        ByteBuffer header = ByteBuffer.wrap(batch);
        header.putInt(BatchFormat.LENGTH_AT, batch.length - BatchFormat.LENGTH_OVERHEAD);
        header.putInt(BatchFormat.RECORD_COUNT_AT, count);
        crc.reset();
        crc.update(batch, BatchFormat.ATTRIBUTES_AT, batch.length - BatchFormat.ATTRIBUTES_AT);
        header.putInt(BatchFormat.CRC_AT, (int) crc.getValue());
    }

    private boolean stays(byte[] source, RecordView view) {
        if (!view.hasKey() || view.offset() >= mappedTo) {
            return true;
        }
        boolean isLatest = latest.get(source, view.keyAt(), view.keyBytes()) <= view.offset();
        return isLatest && (view.hasValue() || view.timestampMillis() >= tombstonesBefore);
    }
}

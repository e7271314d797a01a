package io.millrace.log.clean;

import io.millrace.io.DiskFile;
import io.millrace.log.batch.BatchFormat;
import io.millrace.log.batch.BatchScanner;
import io.millrace.log.batch.RecordView;
import io.millrace.log.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads segments for compaction, a bounded piece at a time: first to learn the latest offset of
/// each key, then to copy what stays. Owned by the thread that cleans.
///
/// A record stays if no later one has its key, and if it has a value or is younger than the grace
/// that tombstones have. Batches keep their first and last offset and their time; one of which
/// nothing stays goes whole.
final class CompactionPass implements AutoCloseable {
    private static final int COPY_BYTES = 1 << 20;

    private final OffsetMap latest;
    private final long tombstonesBefore;
    private final long from;
    private final long end;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
    private BatchWalk walk;
    private long mappedTo;
    private @Nullable DiskFile target;
    private int written;

    /// @param memoryBytes for the keys' latest offsets
    /// @param tombstonesBefore records without value that are older go
    /// @param segments whose keys count, from the offset `from` on
    /// @param end the offset behind the last of them
    CompactionPass(
            int memoryBytes, long tombstonesBefore, List<Segment> segments, long from, long end) {
        this.latest = new OffsetMap(memoryBytes);
        this.tombstonesBefore = tombstonesBefore;
        this.walk = new BatchWalk(segments);
        this.from = from;
        this.end = end;
        this.mappedTo = from;
    }

    /// The offset up to which the latest offsets are known.
    long mappedTo() {
        return mappedTo;
    }

    /// Whether memory was used up before everything was mapped, so that another pass is due.
    boolean isPartial() {
        return mappedTo < end;
    }

    /// Learns more keys.
    ///
    /// @return whether that was all, or memory is used up
    boolean map() throws IOException {
        long bytes = 0;
        while (bytes < COPY_BYTES && !latest.isFull()) {
            BatchScanner scanner = walk.next();
            if (scanner == null) {
                mappedTo = end;
                return true;
            }
            map(scanner);
            bytes += scanner.size();
        }
        if (latest.isFull()) {
            walk.close();
            return true;
        }
        return false;
    }

    private void map(BatchScanner scanner) {
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

    /// Begins to copy what stays of some segments.
    ///
    /// @param target empty; closed by [#finish] or [#close]
    void begin(List<Segment> segments, DiskFile target) {
        walk = new BatchWalk(segments);
        this.target = target;
        written = 0;
    }

    /// Copies more.
    ///
    /// @return whether that was all
    boolean copy() throws IOException {
        DiskFile file = Objects.requireNonNull(target);
        long read = 0;
        while (read < COPY_BYTES) {
            BatchScanner scanner = walk.next();
            if (scanner == null) {
                drain(file);
                return true;
            }
            read += scanner.size();
            byte[] batch = kept(scanner);
            if (batch.length > buffer.remaining()) {
                drain(file);
            }
            if (batch.length > buffer.remaining()) {
                file.write(ByteBuffer.wrap(batch), written);
                written += batch.length;
            } else {
                buffer.put(batch);
            }
        }
        return false;
    }

    private void drain(DiskFile file) throws IOException {
        buffer.flip();
        int bytes = buffer.remaining();
        if (bytes > 0) {
            file.write(buffer, written);
            written += bytes;
        }
        buffer.clear();
    }

    /// Flushes and closes what was copied.
    ///
    /// @return its bytes
    int finish() throws IOException {
        Objects.requireNonNull(target).flush();
        close();
        return written;
    }

    @Override
    public void close() {
        walk.close();
        buffer.clear();
        DiskFile file = target;
        target = null;
        if (file != null) {
            try {
                file.close();
            } catch (IOException _) {
                // It was flushed, or it is of no use.
            }
        }
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

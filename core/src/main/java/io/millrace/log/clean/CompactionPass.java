package io.millrace.log.clean;

import io.millrace.io.DiskFile;
import io.millrace.log.AbortedBatches;
import io.millrace.log.batch.BatchFormat;
import io.millrace.log.batch.BatchScanner;
import io.millrace.log.batch.Compression;
import io.millrace.log.batch.RecordView;
import io.millrace.log.segment.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads segments for compaction, a bounded piece at a time: first to learn the latest offset of
/// each key, then to copy what stays. Owned by the thread that cleans.
///
/// What stays of a batch is the [BatchFilter]'s decision.
final class CompactionPass implements AutoCloseable {
    private static final int COPY_BYTES = 1 << 20;

    private final OffsetMap latest;
    private final BatchFilter filter;
    private final long from;
    private final long end;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
    private BatchWalk walk;
    private long mappedTo;
    private @Nullable DiskFile target;
    private int written;

    /// @param tombstonesBefore records without value that are older go
    /// @param aborted whose records go
    record Rules(long tombstonesBefore, AbortedBatches aborted) {}

    /// @param memoryBytes for the keys' latest offsets
    /// @param rules what goes though no later record has its key
    /// @param segments whose keys count, from the offset `from` on
    /// @param end the offset behind the last of them
    CompactionPass(int memoryBytes, Rules rules, List<Segment> segments, long from, long end) {
        this.latest = new OffsetMap(memoryBytes);
        this.filter = new BatchFilter(latest, rules.tombstonesBefore(), rules.aborted());
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
        int start = scanner.start();
        filter.mapped(bytes, start);
        if (!filter.counts(bytes, start)) {
            return;
        }
        if (BatchFormat.compression(bytes, start) != Compression.NONE) {
            bytes = Compression.uncompressed(bytes, start);
            start = 0;
        }
        RecordView view = new RecordView(bytes);
        int at = start + BatchFormat.HEADER_BYTES;
        for (int i = BatchFormat.recordCount(bytes, start); i > 0; i--) {
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
            byte[] batch = filter.kept(scanner.bytes(), scanner.start(), mappedTo);
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
}

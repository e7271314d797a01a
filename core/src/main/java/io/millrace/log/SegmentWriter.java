package io.millrace.log;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.DiskFile;
import io.millrace.log.batch.BatchFormat;
import io.millrace.log.segment.DiskFailures;
import io.millrace.log.segment.LogParts;
import io.millrace.log.segment.OpenFile;
import io.millrace.log.segment.Segment;
import io.millrace.log.segment.SparseIndex;
import io.millrace.log.segment.WriteBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes to the end of segments, whole or not at all. Owned by the thread that appends.
final class SegmentWriter {
    /// As much as a write buffer takes.
    private static final int WRITE_BYTES_MAX = WriteBuffers.BUFFER_BYTES;

    /// Keeps offsets within what a segment's index can say: few bytes may be many records.
    private static final long WRITE_RECORDS_MAX = 1 << 22;

    private final Path folder;
    private final LogParts parts;
    private final Object flushing;
    private final Consumer<String> failed;

    /// @param flushing held while the log is flushed
    /// @param failed hears why the log can take no more
    SegmentWriter(Path folder, LogParts parts, Object flushing, Consumer<String> failed) {
        this.folder = folder;
        this.parts = parts;
        this.flushing = flushing;
        this.failed = failed;
    }

    /// The first of some batches, as far as they go into the segment in one write; at least one.
    static List<ProducedBatch> fitting(
            List<ProducedBatch> batches, Segment segment, LogConfig config) {
        long room = Math.min(WRITE_BYTES_MAX, (long) config.segmentBytes() - segment.bytes());
        long records = 0;
        int count = 0;
        for (ProducedBatch batch : batches) {
            room -= batch.size();
            records += batch.count();
            if (count > 0 && (room < 0 || records > WRITE_RECORDS_MAX)) {
                break;
            }
            count++;
        }
        return count == batches.size() ? batches : batches.subList(0, count);
    }

    /// Gives batches their offsets, from one on.
    static void place(List<ProducedBatch> batches, long offset, long flushedOffset) {
        long next = offset;
        for (ProducedBatch batch : batches) {
            BatchFormat.place(batch.bytes(), batch.from(), next, flushedOffset);
            next += batch.count();
        }
    }

    /// Writes batches behind the segment's last one, as [#write(Segment, ByteBuffer, LogConfig)].
    void write(Segment segment, List<ProducedBatch> batches, LogConfig config) {
        ProducedBatch first = batches.getFirst();
        if (batches.size() == 1) {
            write(segment, ByteBuffer.wrap(first.bytes(), first.from(), first.size()), config);
            return;
        }
        ByteBuffer buffer = parts.buffers().take(0);
        try {
            for (ProducedBatch batch : batches) {
                buffer.put(batch.bytes(), batch.from(), batch.size());
            }
            write(segment, buffer.flip(), config);
        } finally {
            parts.buffers().giveBack(buffer);
        }
    }

    /// Writes behind the segment's last batch; noting that is the caller's.
    ///
    /// @throws MillraceException DISK_FULL, DISK_READ_ONLY, PARTITION_FAILED: nothing was written
    void write(Segment segment, ByteBuffer bytes, LogConfig config) {
        int position = segment.bytes();
        DiskFile file = null;
        OpenFile open = null;
        try {
            open = segment.open();
            file = open.file();
            // Before the first write, so that they are complete up to here.
            segment.index();
            segment.lastTimestamp();
            if (config.durability() == Durability.SYNCED) {
                int end = position + bytes.remaining();
                parts.room().ensure(segment, file, end, config.segmentBytes());
            }
            write(file, bytes, position);
        } catch (IOException e) {
            throw takenBack(segment, file, position, e);
        } finally {
            if (open != null) {
                open.leaveQuietly();
            }
        }
    }

    /// The index of a segment that has been written to, to be added to.
    static SparseIndex index(Segment segment) {
        try {
            return segment.index();
        } catch (IOException e) {
            throw new IllegalStateException("the index was loaded before the write", e);
        }
    }

    private void write(DiskFile file, ByteBuffer bytes, int position) throws IOException {
        if (bytes.isDirect()) {
            file.write(bytes, position);
            return;
        }
        ByteBuffer buffer = parts.buffers().take(0);
        try {
            int at = position;
            while (bytes.hasRemaining()) {
                int length = Math.min(buffer.capacity(), bytes.remaining());
                buffer.clear().put(0, bytes, bytes.position(), length).limit(length);
                file.write(buffer, at);
                bytes.position(bytes.position() + length);
                at += length;
            }
        } finally {
            parts.buffers().giveBack(buffer);
        }
    }

    /// Cuts off what a failed write may have left.
    private MillraceException takenBack(
            Segment segment, @Nullable DiskFile file, int position, IOException failure) {
        String what =
                "writing to %s at position %d failed: %s"
                        .formatted(segment.path(), position, failure.getMessage());
        if (file != null) {
            try {
                file.truncate(position);
                segment.room(position);
                settleCut(file);
            } catch (IOException e) {
                // Not that nothing was recorded: others who wait for a flush are told this too.
                return failed(
                        "After %s, what it left cannot be cut off: %s"
                                .formatted(what, e.getMessage()),
                        failure);
            }
        }
        return DiskFailures.refused("Nothing was recorded: " + what, failure);
    }

    /// The disk may have all that was cut off by now, and a crash of the machine would bring it
    /// back: it is gone when that is durable.
    ///
    /// Not beside another flush: systems tell of pages that they dropped only once, so the other
    /// would take what it waits for as flushed.
    private void settleCut(DiskFile file) throws IOException {
        synchronized (flushing) {
            try {
                file.flush();
            } catch (IOException e) {
                failed.accept("Flushing %s failed: %s".formatted(folder, e.getMessage()));
                throw e;
            }
        }
    }

    private MillraceException failed(String reason, Throwable cause) {
        failed.accept(reason);
        return new MillraceException(ErrorCode.PARTITION_FAILED, reason, cause);
    }
}

package io.millrace.log;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Disk;
import io.millrace.io.DiskFile;
import io.millrace.io.DiskFullException;
import io.millrace.io.DiskReadOnlyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A log of segment files in one folder; opened by [FileLogs].
///
/// What threads share is published by two volatile marks. The appender publishes `written` after
/// the bytes and index entries that it covers; the flusher reads `written`, makes all before it
/// durable and publishes it as `flushed`. A reader takes one of the marks first and the list of
/// segments second, so the list has every segment that the mark knows of.
final class FileLog implements Log {
    private final Path folder;
    private final FileLogs.Parts parts;
    private final Disk disk;
    private final OpenFiles openFiles;
    private final WriteBuffers buffers;
    private final BatchWriter writer = new BatchWriter();
    private final AtomicReference<LogState> state = new AtomicReference<>(new LogState.Open());

    /// Held while flushing, so that closing waits for a flush under way. Appends never take it.
    private final Object flushing = new Object();

    private final CheckpointKeeper checkpoints;

    private volatile LogConfig config;
    private volatile SegmentList segments;
    private volatile Mark written;
    private volatile Mark flushed;

    FileLog(Path folder, LogConfig config, FileLogs.Parts parts, Recovery.Outcome outcome) {
        this.folder = folder;
        this.config = config;
        this.parts = parts;
        this.disk = parts.disk();
        this.openFiles = parts.openFiles();
        this.buffers = parts.buffers();
        this.segments = outcome.segments();
        this.written = outcome.end();
        this.flushed = outcome.end();
        this.checkpoints = new CheckpointKeeper(disk, folder, outcome.checkpoint());
    }

    @Override
    public long startOffset() {
        return segments.startOffset();
    }

    @Override
    public long readableOffset() {
        return readable().offset();
    }

    @Override
    public long endOffset() {
        return written.offset();
    }

    @Override
    public long lastTimestampMillis() {
        return written.timestampMillis();
    }

    private Mark readable() {
        return config.durability() == Durability.SYNCED ? flushed : written;
    }

    @Override
    public long append(List<RecordBody> bodies, long timestampMillis) {
        requireOpen();
        long size = BatchWriter.size(bodies);
        if (size > BatchFormat.BATCH_BYTES_MAX) {
            throw new MillraceException(
                    ErrorCode.BATCH_TOO_LARGE,
                    "The batch has %d bytes; at most %d can be recorded at once."
                            .formatted(size, BatchFormat.BATCH_BYTES_MAX));
        }
        Mark before = written;
        long timestamp = Math.max(timestampMillis, before.timestampMillis());
        Segment segment = segmentFor((int) size, before, timestamp);
        int position = segment.bytes();
        ByteBuffer buffer = buffers.take((int) size);
        try {
            writer.write(
                    buffer,
                    bodies,
                    new BatchWriter.Place(before.offset(), timestamp, flushed.offset()));
            write(segment, buffer.position(0), position);
        } finally {
            buffers.giveBack(buffer);
        }
        long end = before.offset() + bodies.size();
        if (position == 0) {
            segment.firstTimestamp(timestamp);
        }
        int lastDelta = (int) (end - 1 - segment.baseOffset());
        index(segment).offer(position, lastDelta, timestamp);
        segment.bytes(position + (int) size);
        written = new Mark(end, segment.baseOffset(), position + (int) size, timestamp);
        return before.offset();
    }

    private void write(Segment segment, ByteBuffer buffer, int position) {
        DiskFile file = null;
        OpenFile open = null;
        try {
            open = segment.open();
            file = open.file();
            // Before the first write, so that the index is complete up to here.
            segment.index();
            file.write(buffer, position);
        } catch (IOException e) {
            throw takenBack(segment, file, position, e);
        } finally {
            leave(open);
        }
    }

    private static void leave(@Nullable OpenFile open) {
        if (open != null) {
            try {
                open.leave();
            } catch (IOException _) {
                // Only the last user closes, and the segment itself is one.
            }
        }
    }

    private SparseIndex index(Segment segment) {
        try {
            return segment.index();
        } catch (IOException e) {
            throw new IllegalStateException("the index was loaded before the write", e);
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
            } catch (IOException e) {
                // Not that nothing was recorded: others who wait for a flush are told this too.
                return fail(
                        "After %s, what it left cannot be cut off: %s"
                                .formatted(what, e.getMessage()),
                        failure);
            }
        }
        return refused("Nothing was recorded: " + what, failure);
    }

    private static MillraceException refused(String what, IOException failure) {
        ErrorCode code =
                switch (failure) {
                    case DiskFullException _ -> ErrorCode.DISK_FULL;
                    case DiskReadOnlyException _ -> ErrorCode.DISK_READ_ONLY;
                    default -> ErrorCode.PARTITION_FAILED;
                };
        return new MillraceException(code, what, failure);
    }

    private Segment segmentFor(int size, Mark before, long timestamp) {
        Segment active = segments.active();
        if (active.bytes() == 0) {
            return active;
        }
        try {
            long age = timestamp - active.firstTimestamp();
            boolean due =
                    active.bytes() + (long) size > config.segmentBytes()
                            || age >= config.segmentAge().toMillis()
                            || before.offset() - active.baseOffset()
                                    > Integer.MAX_VALUE - (1L << 24);
            return due ? roll(active, before) : active;
        } catch (IOException e) {
            throw refused(
                    "Nothing was recorded: a new segment in %s cannot be begun: %s"
                            .formatted(folder, e.getMessage()),
                    e);
        }
    }

    /// Begins a new segment. The old one is flushed by the next flush, and the new one's name with
    /// it.
    private Segment roll(Segment active, Mark before) throws IOException {
        Segment next = Segment.create(folder, before.offset(), disk, openFiles);
        active.lastTimestamp(before.timestampMillis());
        active.seal();
        segments = segments.with(next);
        return next;
    }

    @Override
    public long flush() {
        synchronized (flushing) {
            requireOpen();
            Mark target = written;
            Mark from = flushed;
            if (target.offset() == from.offset()) {
                return target.offset();
            }
            try {
                flush(from, target);
            } catch (IOException e) {
                throw fail(
                        ("Flushing %s failed: %s. The system may have dropped what was written, so"
                                        + " this partition takes no more records until the server is started again.")
                                .formatted(folder, e.getMessage()),
                        e);
            }
            flushed = target;
            checkpoints.flushed(target, segments);
            return target.offset();
        }
    }

    private void flush(Mark from, Mark target) throws IOException {
        SegmentList now = segments;
        List<Segment> all = now.segments();
        List<Segment> due =
                all.subList(now.floor(from.segmentBase()), now.floor(target.segmentBase()) + 1);
        boolean hasNewNames = false;
        for (Segment segment : due) {
            if (!segment.isFlushed()) {
                flush(segment);
                hasNewNames |= !segment.isNamed();
            }
        }
        if (hasNewNames) {
            disk.syncFolder(folder);
        }
        for (Segment segment : due) {
            segment.named();
            if (segment.baseOffset() < target.segmentBase() && !segment.isFlushed()) {
                sealedAndFlushed(segment);
            }
        }
    }

    private static void flush(Segment segment) throws IOException {
        OpenFile open = null;
        try {
            open = segment.open();
            open.file().flush();
        } catch (IOException e) {
            // Retention may have taken it away meanwhile; then there is nothing to keep.
            if (!segment.isDeleted()) {
                throw e;
            }
        } finally {
            leave(open);
        }
    }

    private static void sealedAndFlushed(Segment segment) {
        try {
            segment.sealedAndFlushed();
        } catch (IOException _) {
            // An index that could not be written is made anew when it is needed.
        }
    }

    private MillraceException fail(String reason, Throwable cause) {
        state.updateAndGet(now -> now instanceof LogState.Open ? new LogState.Failed(reason) : now);
        return new MillraceException(ErrorCode.PARTITION_FAILED, reason, cause);
    }

    private void requireOpen() {
        switch (state.get()) {
            case LogState.Open() -> {}
            case LogState.Failed(String reason) ->
                    throw new MillraceException(ErrorCode.PARTITION_FAILED, reason);
            case LogState.Closed() ->
                    throw new MillraceException(
                            ErrorCode.SHUTTING_DOWN, "The log in %s is closed.".formatted(folder));
        }
    }

    @Override
    public LogSlice read(long offset, int bytesMax) {
        while (true) {
            Reading reading = reading();
            try {
                return reading.read(offset, bytesMax);
            } catch (MillraceException e) {
                if (reading.isOf(segments)) {
                    throw e;
                }
                // The segments were replaced meanwhile; the new ones have the answer.
            }
        }
    }

    @Override
    public long nextIntactOffset(long offset) {
        return reading().nextIntactOffset(offset);
    }

    @Override
    public long offsetAt(long timestampMillis) {
        return reading().offsetAt(timestampMillis);
    }

    /// The log as it can be read at this moment.
    private Reading reading() {
        Mark limit = readable();
        return new Reading(segments, limit);
    }

    @Override
    public long clean(long nowMillis) {
        requireOpen();
        long before = sizeBytes();
        try {
            if (Retention.wantsRoll(segments, config, written, nowMillis)) {
                roll(segments.active(), written);
            }
            int due = Retention.due(segments, config, nowMillis);
            if (due > 0) {
                drop(due);
            }
            if (config.compacted()) {
                compact(nowMillis);
            }
        } catch (IOException e) {
            throw refused("Cleaning %s failed: %s".formatted(folder, e.getMessage()), e);
        }
        return before - sizeBytes();
    }

    private void compact(long nowMillis) throws IOException {
        flush();
        Compaction compaction =
                new Compaction(folder, parts, checkpoints, segments, next -> segments = next);
        try {
            compaction.run(config, flushed, nowMillis);
        } catch (IOException e) {
            if (compaction.isCommitted()) {
                throw fail(
                        "Compaction of %s stopped halfway: %s. It is completed when the server is started again."
                                .formatted(folder, e.getMessage()),
                        e);
            }
            throw e;
        }
    }

    /// Takes the oldest segments away. The checkpoint goes first: if a crash brings some of their
    /// files back, it says that they are gone.
    private void drop(int count) throws IOException {
        if (config.durability() == Durability.SYNCED) {
            // So that readers never find the readable offset below the start.
            flush();
        }
        SegmentList old = segments;
        SegmentList rest = old.from(count);
        checkpoints.started(flushed, rest.startOffset());
        segments = rest;
        for (Segment segment : old.segments().subList(0, count)) {
            segment.delete();
        }
        disk.syncFolder(folder);
    }

    @Override
    public void configure(LogConfig config) {
        this.config = config;
    }

    @Override
    public LogState state() {
        return state.get();
    }

    @Override
    public long sizeBytes() {
        long bytes = 0;
        for (Segment segment : segments.segments()) {
            bytes += segment.bytes();
        }
        return bytes;
    }

    @Override
    public void close() {
        if (state.get() instanceof LogState.Closed) {
            return;
        }
        try {
            if (state.get() instanceof LogState.Open) {
                flush();
                synchronized (flushing) {
                    checkpoints.closing(flushed, segments);
                }
            }
        } finally {
            state.set(new LogState.Closed());
            for (Segment segment : segments.segments()) {
                openFiles.forget(segment);
                segment.release();
            }
        }
    }
}

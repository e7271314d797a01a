package io.millrace.log;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Disk;
import io.millrace.log.batch.BatchFormat;
import io.millrace.log.batch.BatchWriter;
import io.millrace.log.clean.CleanedLog;
import io.millrace.log.clean.CleaningWork;
import io.millrace.log.clean.Compaction;
import io.millrace.log.clean.Expiry;
import io.millrace.log.clean.FileCleaning;
import io.millrace.log.clean.Retention;
import io.millrace.log.segment.CheckpointKeeper;
import io.millrace.log.segment.DiskFailures;
import io.millrace.log.segment.LogParts;
import io.millrace.log.segment.Mark;
import io.millrace.log.segment.OpenFiles;
import io.millrace.log.segment.RecentMarks;
import io.millrace.log.segment.Room;
import io.millrace.log.segment.Segment;
import io.millrace.log.segment.SegmentFlush;
import io.millrace.log.segment.SegmentList;
import io.millrace.log.segment.WriteBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A log of segment files in one folder; opened by [FileLogs].
///
/// What threads share is published by two volatile marks. The appender publishes `written` after
/// the bytes and index entries that it covers; the flusher reads `written`, makes all before it
/// durable and publishes it as `flushed`. A reader takes one of the marks first and the list of
/// segments second, so the list has every segment that the mark knows of.
final class FileLog implements Log, CleanedLog {
    private final Path folder;
    private final LogParts parts;
    private final Disk disk;
    private final OpenFiles openFiles;
    private final WriteBuffers buffers;
    private final BatchWriter writer = new BatchWriter();
    private final AtomicReference<LogState> state = new AtomicReference<>(new LogState.Open());

    /// Of what a producer's records say, which is nothing about the time it is.
    private static final long NO_TIME = -1;

    /// Held while flushing, so that closing waits for a flush under way. Appends take it only when
    /// they have failed.
    private final Object flushing = new Object();

    private final CheckpointKeeper checkpoints;
    private final SegmentFlush flushes;
    private final SegmentWriter writes;
    private final RecentMarks recent;

    private volatile LogConfig config;
    private final AtomicReference<SegmentList> segments;
    private volatile Mark written;
    private volatile Mark flushed;
    private volatile long keepFrom = Long.MAX_VALUE;
    private volatile long hiddenFrom = Long.MAX_VALUE;
    private volatile AbortedBatches aborted = (_, _) -> false;

    /// The writer's: the last that was planned.
    private @Nullable FileCleaning cleaning;

    FileLog(Path folder, LogConfig config, LogParts parts, Recovery.Outcome outcome) {
        this.folder = folder;
        this.config = config;
        this.parts = parts;
        this.disk = parts.disk();
        this.openFiles = parts.openFiles();
        this.buffers = parts.buffers();
        this.segments = new AtomicReference<>(outcome.segments());
        this.written = outcome.end();
        this.flushed = outcome.end();
        this.flushes = new SegmentFlush(disk, folder);
        this.writes = new SegmentWriter(folder, parts, flushing, this::failed);
        this.recent = new RecentMarks(outcome.end());
        this.checkpoints = new CheckpointKeeper(disk, folder, outcome.checkpoint());
    }

    @Override
    public long startOffset() {
        return segments().startOffset();
    }

    @Override
    public long readableOffset() {
        return readable(stored());
    }

    private long readable(Mark stored) {
        return Math.max(startOffset(), Math.min(stored.offset(), hiddenFrom));
    }

    @Override
    public long storedOffset() {
        return stored().offset();
    }

    @Override
    public long endOffset() {
        return written.offset();
    }

    private Mark stored() {
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
        ByteBuffer buffer = buffers.take((int) size);
        try {
            writer.write(
                    buffer,
                    bodies,
                    new BatchWriter.Place(before.offset(), timestamp, flushed.offset()));
            writes.write(segment, buffer.position(0), config);
        } finally {
            buffers.giveBack(buffer);
        }
        appended(segment, (int) size, new Times(bodies.size(), timestamp, timestamp));
        return before.offset();
    }

    @Override
    public int append(List<ProducedBatch> batches) {
        requireOpen();
        long recorded = written.timestampMillis();
        Segment segment = segmentFor(batches.getFirst().size(), written, NO_TIME);
        List<ProducedBatch> fitting = SegmentWriter.fitting(batches, segment, config);
        SegmentWriter.place(fitting, written.offset(), flushed.offset());
        writes.write(segment, fitting, config);
        for (ProducedBatch batch : fitting) {
            Times times = new Times(batch.count(), batch.maxTimestampMillis(), recorded);
            appended(segment, batch.size(), times);
        }
        return fitting.size();
    }

    /// What was appended.
    ///
    /// @param latest the largest time of a record
    /// @param recorded when the server itself recorded something last
    private record Times(int count, long latest, long recorded) {}

    private void appended(Segment segment, int size, Times times) {
        int position = segment.bytes();
        long end = written.offset() + times.count();
        if (position == 0 && times.latest() == times.recorded()) {
            segment.firstTimestamp(times.latest());
        }
        segment.appended(times.latest());
        int lastDelta = (int) (end - 1 - segment.baseOffset());
        SegmentWriter.index(segment).offer(position, lastDelta, segment.latestSoFar());
        segment.bytes(position + size);
        Mark mark = new Mark(end, segment.baseOffset(), position + size, times.recorded());
        recent.note(mark);
        written = mark;
    }

    @Override
    public long lastTimestampMillis() {
        return Math.max(0, written.timestampMillis());
    }

    private Segment segmentFor(int size, Mark before, long timestamp) {
        Segment active = segments().active();
        if (active.bytes() == 0) {
            return active;
        }
        try {
            long age = timestamp == NO_TIME ? 0 : timestamp - active.beganBy(timestamp);
            boolean due =
                    active.bytes() + (long) size > config.segmentBytes()
                            || age >= config.segmentAge().toMillis()
                            || before.offset() - active.baseOffset()
                                    > Integer.MAX_VALUE - (1L << 24);
            return due ? roll(active, before) : active;
        } catch (IOException e) {
            throw DiskFailures.refused(
                    "Nothing was recorded: a new segment in %s cannot be begun: %s"
                            .formatted(folder, e.getMessage()),
                    e);
        }
    }

    /// Begins a new segment. The old one is flushed by the next flush, and the new one's name with
    /// it.
    private Segment roll(Segment active, Mark before) throws IOException {
        Room.trim(active);
        Segment next = Segment.create(folder, before.offset(), disk, openFiles);
        active.seal();
        change(list -> list.with(next));
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
                flushes.run(segments(), from, target);
            } catch (IOException e) {
                throw fail(
                        ("Flushing %s failed: %s. The system may have dropped what was written, so"
                                        + " this partition takes no more records until the server is started again.")
                                .formatted(folder, e.getMessage()),
                        e);
            }
            // Another flush may have failed meanwhile, and have been told what holds for this one
            // as well.
            requireOpen();
            flushed = target;
            checkpoints.flushed(target, segments());
            return target.offset();
        }
    }

    private MillraceException fail(String reason, Throwable cause) {
        failed(reason);
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
    public void hideFrom(long offset) {
        hiddenFrom = offset;
    }

    @Override
    public void leaveOut(AbortedBatches aborted) {
        this.aborted = aborted;
    }

    @Override
    public LogSlice read(long offset, ReadBuffer buffer) {
        return retried(this::reading, reading -> reading.read(offset, buffer));
    }

    @Override
    public LogRegion region(long offset, int bytesMax, long limitOffset) {
        return retried(
                () -> storedReading(limitOffset),
                reading -> reading.region(offset, bytesMax, recent));
    }

    @Override
    public boolean isRecent(long offset) {
        return recent.position(segments().active().baseOffset(), offset) >= 0;
    }

    /// Reads again where the segments were replaced meanwhile: the new ones have the answer.
    private <T> T retried(Supplier<Reading> readings, Function<Reading, T> read) {
        while (true) {
            Reading reading = readings.get();
            try {
                return read.apply(reading);
            } catch (MillraceException e) {
                if (reading.isOf(segments())) {
                    throw e;
                }
            }
        }
    }

    @Override
    public long nextIntactOffset(long offset) {
        return reading().nextIntactOffset(offset);
    }

    @Override
    public long offsetAt(long timestampMillis) {
        Reading reading = reading();
        TimedOffset found = reading.at(timestampMillis);
        return found.isFound() ? found.offset() : reading.end();
    }

    @Override
    public TimedOffset at(long timestampMillis, long limitOffset) {
        return retried(() -> storedReading(limitOffset), reading -> reading.at(timestampMillis));
    }

    @Override
    public TimedOffset latest(long limitOffset) {
        return retried(() -> storedReading(limitOffset), Reading::latest);
    }

    @Override
    public void forEachBatch(long fromOffset, BatchVisitor visitor) {
        Mark end = written;
        new Reading(segments(), end, end.offset(), aborted).forEachBatch(fromOffset, visitor);
    }

    /// The log as records' readers see it at this moment.
    private Reading reading() {
        // The mark first: the list has every segment that the mark knows of.
        Mark stored = stored();
        return new Reading(segments(), stored, readable(stored), aborted);
    }

    private Reading storedReading(long limitOffset) {
        Mark stored = stored();
        return new Reading(segments(), stored, Math.min(limitOffset, stored.offset()), aborted);
    }

    @Override
    public void deleteBefore(long offset) {
        requireOpen();
        if (offset > storedOffset()) {
            throw new MillraceException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "Nothing was deleted: offset %d lies behind the end of the log, which is %d."
                            .formatted(offset, storedOffset()));
        }
        if (offset <= startOffset()) {
            return;
        }
        if (flushed.offset() < offset) {
            // Or a crash could give the offsets before it again.
            flush();
        }
        try {
            checkpoints.started(flushed, offset);
        } catch (IOException e) {
            throw DiskFailures.refused(
                    "Nothing was deleted: the checkpoint of %s cannot be written: %s"
                            .formatted(folder, e.getMessage()),
                    e);
        }
        change(list -> list.startingAt(offset));
    }

    @Override
    public @Nullable Cleaning plan(long nowMillis) {
        requireOpen();
        try {
            if (Retention.wantsRoll(segments(), config, written, nowMillis)) {
                roll(segments().active(), written);
            }
        } catch (IOException e) {
            throw DiskFailures.refused(
                    "Cleaning %s failed: %s".formatted(folder, e.getMessage()), e);
        }
        FileCleaning last = cleaning;
        boolean isBusy = last != null && !last.isDone();
        if (isBusy || segments().segments().size() == 1) {
            return null;
        }
        List<CleaningWork> works = new ArrayList<>();
        boolean isDeleted = segments().unread() > 0;
        if (isDeleted || config.retentionAge() != null || config.retentionBytes() != null) {
            works.add(new Expiry(this, disk, config, nowMillis));
        }
        if (config.compacted()) {
            works.add(new Compaction(this, parts, config, nowMillis));
        }
        FileCleaning next = works.isEmpty() ? null : new FileCleaning(this, works);
        cleaning = next;
        return next;
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public LogConfig config() {
        return config;
    }

    @Override
    public void keepFrom(long offset) {
        keepFrom = offset;
    }

    @Override
    public long keepFrom() {
        return keepFrom;
    }

    @Override
    public long hiddenFrom() {
        return hiddenFrom;
    }

    @Override
    public AbortedBatches aborted() {
        return aborted;
    }

    @Override
    public CheckpointKeeper checkpoints() {
        return checkpoints;
    }

    @Override
    public SegmentList segments() {
        return segments.get();
    }

    @Override
    public void change(UnaryOperator<SegmentList> change) {
        segments.updateAndGet(change);
    }

    @Override
    public Mark flushAll() {
        flush();
        return flushed;
    }

    @Override
    public void failed(String reason) {
        state.updateAndGet(now -> now instanceof LogState.Open ? new LogState.Failed(reason) : now);
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
        return segments().bytes();
    }

    @Override
    public boolean isOversized() {
        return Retention.isOversized(segments(), config);
    }

    @Override
    public void close() {
        if (state.get() instanceof LogState.Closed) {
            return;
        }
        if (cleaning != null) {
            cleaning.end();
        }
        try {
            if (state.get() instanceof LogState.Open) {
                flush();
                synchronized (flushing) {
                    checkpoints.closing(flushed, segments());
                }
                Room.trimQuietly(segments().active());
            }
        } finally {
            state.set(new LogState.Closed());
            for (Segment segment : segments().segments()) {
                openFiles.forget(segment);
                // A reader that comes too late must not open the file anew: it may be gone, and
                // opening would make an empty one.
                segment.unpin(true);
            }
        }
    }
}

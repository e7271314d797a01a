package io.millrace.log.segment;

import io.millrace.io.Disk;
import java.io.IOException;
import java.nio.file.Path;

/// Decides when a log's checkpoint is worth writing, and writes it. Thread-safe; the appender never
/// waits for it.
public final class CheckpointKeeper {
    /// So much is scanned at most after a crash of a log that was flushed.
    private static final int INTERVAL_BYTES = 64 << 20;

    private final Disk disk;
    private final Path folder;
    private volatile Checkpoint latest;

    public CheckpointKeeper(Disk disk, Path folder, Checkpoint latest) {
        this.disk = disk;
        this.folder = folder;
        this.latest = latest;
    }

    public long cleanedBelow() {
        return latest.cleanedBelow();
    }

    /// Notes that everything before the mark is on disk.
    public void flushed(Mark mark, SegmentList segments) {
        Mark last = latest.flushed();
        boolean due =
                mark.segmentBase() != last.segmentBase()
                        || mark.position() - last.position() >= INTERVAL_BYTES;
        if (due) {
            write(mark, segments);
        }
    }

    /// Notes the end, so that the next opening need not look at anything.
    public void closing(Mark mark, SegmentList segments) {
        if (mark.offset() != latest.flushed().offset()) {
            write(mark, segments);
        }
    }

    /// A checkpoint only saves time, so that one that cannot be written is left out.
    private void write(Mark mark, SegmentList segments) {
        try {
            next(mark, segments.startOffset(), latest.sparseBelow(), latest.cleanedBelow());
        } catch (IOException _) {
            // The next one may succeed; until then recovery has more to scan.
        }
        try {
            segments.active().writeIndex(mark.position());
        } catch (IOException _) {
            // It is made anew when it is needed.
        }
    }

    /// Notes that everything before the offset is about to be deleted; only after that may it be.
    public void started(Mark flushed, long startOffset) throws IOException {
        next(flushed, startOffset, latest.sparseBelow(), latest.cleanedBelow());
    }

    /// Notes that offsets before this one may be missing from now on.
    ///
    /// @param flushed the flushed end, behind everything that is compacted: positions before it are
    ///   about to change
    public void compacting(Mark flushed, long sparseBelow) throws IOException {
        next(flushed, latest.startOffset(), sparseBelow, latest.cleanedBelow());
    }

    /// Notes that offsets before this one have been compacted against each other.
    public void compacted(long cleanedBelow) throws IOException {
        next(latest.flushed(), latest.startOffset(), latest.sparseBelow(), cleanedBelow);
    }

    private synchronized void next(
            Mark flushed, long startOffset, long sparseBelow, long cleanedBelow)
            throws IOException {
        Checkpoint last = latest;
        Checkpoint checkpoint =
                new Checkpoint(
                        last.sequence() + 1,
                        flushed.offset() < last.flushed().offset() ? last.flushed() : flushed,
                        Math.max(startOffset, last.startOffset()),
                        Math.max(sparseBelow, last.sparseBelow()),
                        Math.max(cleanedBelow, last.cleanedBelow()));
        checkpoint.write(disk, folder);
        latest = checkpoint;
    }
}

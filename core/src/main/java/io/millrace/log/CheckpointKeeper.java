package io.millrace.log;

import io.millrace.io.Disk;
import java.io.IOException;
import java.nio.file.Path;

/// Decides when a log's checkpoint is worth writing, and writes it. Thread-safe; the appender never
/// waits for it.
final class CheckpointKeeper {
    /// So much is scanned at most after a crash of a log that was flushed.
    private static final int INTERVAL_BYTES = 64 << 20;

    private final Disk disk;
    private final Path folder;
    private volatile Checkpoint latest;

    CheckpointKeeper(Disk disk, Path folder, Checkpoint latest) {
        this.disk = disk;
        this.folder = folder;
        this.latest = latest;
    }

    long sparseBelow() {
        return latest.sparseBelow();
    }

    /// Notes that everything before the mark is on disk.
    void flushed(Mark mark, SegmentList segments) {
        Mark last = latest.flushed();
        boolean due =
                mark.segmentBase() != last.segmentBase()
                        || mark.position() - last.position() >= INTERVAL_BYTES;
        if (due) {
            write(mark, segments);
        }
    }

    /// Notes the end, so that the next opening need not look at anything.
    void closing(Mark mark, SegmentList segments) {
        if (mark.offset() != latest.flushed().offset()) {
            write(mark, segments);
        }
    }

    /// A checkpoint only saves time, so that one that cannot be written is left out.
    private void write(Mark mark, SegmentList segments) {
        try {
            segments.active().writeIndex(mark.position());
            next(mark, segments.startOffset(), latest.sparseBelow());
        } catch (IOException _) {
            // The next one may succeed; until then recovery has more to scan.
        }
    }

    /// Notes that everything before the offset is about to be deleted. On a full disk deletion must
    /// go on even if this cannot be written.
    void started(long startOffset) {
        try {
            next(latest.flushed(), startOffset, latest.sparseBelow());
        } catch (IOException _) {
            // A crash may then bring old records back, which is no loss.
        }
    }

    private synchronized void next(Mark flushed, long startOffset, long sparseBelow)
            throws IOException {
        Checkpoint last = latest;
        Checkpoint checkpoint =
                new Checkpoint(
                        last.sequence() + 1,
                        flushed.offset() < last.flushed().offset() ? last.flushed() : flushed,
                        Math.max(startOffset, last.startOffset()),
                        Math.max(sparseBelow, last.sparseBelow()));
        checkpoint.write(disk, folder);
        latest = checkpoint;
    }
}

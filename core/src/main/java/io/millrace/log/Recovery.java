package io.millrace.log;

import io.millrace.io.Clock;
import io.millrace.io.Disk;
import io.millrace.log.segment.Checkpoint;
import io.millrace.log.segment.LogParts;
import io.millrace.log.segment.Mark;
import io.millrace.log.segment.OpenFiles;
import io.millrace.log.segment.Segment;
import io.millrace.log.segment.SegmentFiles;
import io.millrace.log.segment.SegmentList;
import io.millrace.log.segment.SegmentSwap;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings a log's folder back into order when it is opened: what lies before the checkpoint had
/// been flushed and is not looked at; [TailScan] looks at the rest.
final class Recovery {
    private final Path folder;
    private final LogConfig config;
    private final LogParts parts;
    private final Disk disk;

    /// @param end the end of the log, everything before which is now on disk
    /// @param checkpoint the newest that is on disk
    record Outcome(SegmentList segments, Mark end, Checkpoint checkpoint, RecoveryReport report) {}

    Recovery(Path folder, LogConfig config, LogParts parts) {
        this.folder = folder;
        this.config = config;
        this.parts = parts;
        this.disk = parts.disk();
    }

    Outcome run(Clock clock) throws IOException {
        long started = clock.nanoTime();
        if (!disk.exists(folder)) {
            disk.createFolders(folder);
            Path parent = folder.getParent();
            if (parent != null) {
                disk.syncFolder(parent);
            }
        }
        SegmentSwap.recover(disk, folder);
        Checkpoint known = Checkpoint.read(disk, folder);
        List<TailScan.Tail> files = list(known);
        Checkpoint checkpoint = known != null ? known : unknown(files);
        TailScan scan = new TailScan(disk, folder, checkpoint, files);
        scan.run();
        SegmentList segments = segments(files, scan, checkpoint);
        Segment active = segments.active();
        Mark end =
                new Mark(
                        scan.endOffset(),
                        active.baseOffset(),
                        active.bytes(),
                        scan.lastTimestamp());
        Checkpoint newest =
                new Checkpoint(
                        checkpoint.sequence() + 1,
                        end,
                        segments.startOffset(),
                        checkpoint.sparseBelow(),
                        checkpoint.cleanedBelow());
        if (known != null && known.flushed().equals(end) && scan.bytes() == 0) {
            newest = known;
        } else {
            // Files behind the checkpoint may have names that no crash has tried yet.
            disk.syncFolder(folder);
            active.named();
            newest.write(disk, folder);
        }
        Duration duration = Duration.ofNanos(clock.nanoTime() - started);
        RecoveryReport report =
                new RecoveryReport(scan.batches(), scan.bytes(), scan.cuts, scan.damages, duration);
        return new Outcome(segments, end, newest, report);
    }

    /// A checkpoint that vouches for nothing. Compaction may have been everywhere but in the last
    /// segment.
    private Checkpoint unknown(List<TailScan.Tail> files) {
        boolean maybeSparse = config.compacted() && !files.isEmpty();
        long sparseBelow = maybeSparse ? files.getLast().baseOffset : 0;
        long start = files.isEmpty() ? 0 : files.getFirst().baseOffset;
        return new Checkpoint(0, new Mark(start, start, 0, 0), start, sparseBelow, start);
    }

    /// Finds the segments, and deletes those that retention had dropped before a crash brought them
    /// back.
    private List<TailScan.Tail> list(@Nullable Checkpoint known) throws IOException {
        List<TailScan.Tail> files = new ArrayList<>();
        for (String name : disk.list(folder)) {
            Long base = SegmentFiles.baseOffset(name, SegmentFiles.LOG);
            if (base != null) {
                long bytes = disk.size(folder.resolve(name));
                files.add(new TailScan.Tail(base, Math.toIntExact(bytes)));
            }
        }
        boolean hasDeleted = false;
        while (known != null && !files.isEmpty() && isDropped(files, known)) {
            new Segment(folder, files.removeFirst().baseOffset, disk, parts.openFiles()).delete();
            hasDeleted = true;
        }
        if (hasDeleted) {
            disk.syncFolder(folder);
        }
        return files;
    }

    /// Whether the first file ends before the log starts: another segment begins between. That
    /// one's own file may be missing if nothing had been written to it.
    private static boolean isDropped(List<TailScan.Tail> files, Checkpoint known) {
        long base = files.getFirst().baseOffset;
        long start = known.startOffset();
        long flushedIn = known.flushed().segmentBase();
        return base < start
                && ((files.size() > 1 && files.get(1).baseOffset <= start)
                        || (base < flushedIn && flushedIn <= start));
    }

    private SegmentList segments(List<TailScan.Tail> files, TailScan scan, Checkpoint checkpoint)
            throws IOException {
        List<Segment> segments = new ArrayList<>();
        OpenFiles open = parts.openFiles();
        for (TailScan.Tail file : files) {
            boolean isActive = file == files.getLast() && !scan.endIsLost();
            Segment segment =
                    isActive
                            ? Segment.active(folder, file.baseOffset, file.bytes, disk, open)
                            : Segment.sealed(folder, file.baseOffset, file.bytes, disk, open);
            segments.add(segment.sparse(file.baseOffset < checkpoint.sparseBelow()));
        }
        if (segments.isEmpty() || scan.endIsLost()) {
            segments.add(Segment.create(folder, scan.endOffset(), disk, open));
        }
        long start = Math.max(checkpoint.startOffset(), segments.getFirst().baseOffset());
        return new SegmentList(segments, start);
    }
}

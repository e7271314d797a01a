package io.millrace.log;

import io.millrace.io.Disk;
import io.millrace.io.DiskFile;
import io.millrace.log.batch.BatchFormat;
import io.millrace.log.batch.BatchScanner;
import io.millrace.log.segment.Checkpoint;
import io.millrace.log.segment.Mark;
import io.millrace.log.segment.Room;
import io.millrace.log.segment.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks at everything behind the checkpoint, and decides what becomes of what is not sound there.
///
/// Batches are taken as long as they are whole and follow each other. Where that ends, the rest is
/// either a torn tail, which nobody was promised, or damage to something that had been flushed. The
/// checkpoint and the batches behind the break tell which: each batch carries the offset up to
/// which everything was on disk when it was written ([BatchFormat#flushedBefore]). If one of them
/// vouches for the offset at the break, that is damage: it stays, is reported, and so does what
/// follows it. If none does, it is a torn tail and is cut off.
final class TailScan {
    private static final int COPY_BYTES = 1 << 20;

    private final Disk disk;
    private final Path folder;
    private final Checkpoint checkpoint;
    private final List<Tail> files;

    final List<RecoveryReport.Cut> cuts = new ArrayList<>();
    final List<RecoveryReport.Damage> damages = new ArrayList<>();
    private long batches;
    private long bytes;
    private long expected;
    private long lastTimestamp;
    private boolean endIsLost;

    /// A segment file and how much of it counts. The scan changes the size when it cuts.
    static final class Tail {
        final long baseOffset;
        int bytes;

        Tail(long baseOffset, int bytes) {
            this.baseOffset = baseOffset;
            this.bytes = bytes;
        }
    }

    /// A sound batch behind a break, and the offset that was durable according to those there.
    private record Beyond(int file, long position, long baseOffset, long durable) {}

    /// @param files the segments in order; the scan removes those that it cuts off
    TailScan(Disk disk, Path folder, Checkpoint checkpoint, List<Tail> files) {
        this.disk = disk;
        this.folder = folder;
        this.checkpoint = checkpoint;
        this.files = files;
        this.lastTimestamp = checkpoint.flushed().timestampMillis();
    }

    long batches() {
        return batches;
    }

    long bytes() {
        return bytes;
    }

    /// The offset of the next record.
    long endOffset() {
        return expected;
    }

    long lastTimestamp() {
        return lastTimestamp;
    }

    /// Whether the end of the last file is damaged, so that nothing can be appended to it.
    boolean endIsLost() {
        return endIsLost;
    }

    void run() throws IOException {
        Mark from = checkpoint.flushed();
        int first = 0;
        while (first + 1 < files.size() && files.get(first + 1).baseOffset <= from.segmentBase()) {
            first++;
        }
        expected = files.isEmpty() ? checkpoint.startOffset() : files.get(first).baseOffset;
        int position = 0;
        if (!files.isEmpty()
                && files.get(first).baseOffset == from.segmentBase()
                && files.get(first).bytes >= from.position()) {
            expected = from.offset();
            position = from.position();
        }
        if (!files.isEmpty() && files.getFirst().baseOffset > checkpoint.startOffset()) {
            loseStart(files.getFirst().baseOffset);
        }
        for (int i = first; i < files.size(); i++) {
            Beyond next = scan(i, position);
            position = 0;
            if (next != null) {
                // The file that holds the next sound batch is taken up there.
                expected = next.baseOffset();
                position = (int) next.position();
                i = next.file() - 1;
            }
        }
        if (!endIsLost && from.offset() > expected) {
            loseEnd(files.size() - 1, from.offset());
        }
    }

    /// Takes the batches of one file.
    ///
    /// @return where to go on behind damage; `null` if the next file follows, if there is one
    private @Nullable Beyond scan(int i, int from) throws IOException {
        Tail file = files.get(i);
        Path path = path(file);
        try (DiskFile open = disk.open(path)) {
            BatchScanner scanner = new BatchScanner(open, from, file.bytes);
            if (expected >= checkpoint.sparseBelow()) {
                scanner.dense(from);
            }
            while (takesNext(scanner)) {
                batches++;
                if (!BatchFormat.isProduced(scanner.bytes(), scanner.start())) {
                    lastTimestamp = Math.max(lastTimestamp, scanner.maxTimestamp());
                }
                expected = scanner.endOffset();
                scanner.step();
            }
            long position = scanner.position();
            bytes += position - from;
            makeDurable(open, from, position);
            if (position == from && i + 1 < files.size()) {
                // Its room was given back when it was sealed, which may not be on disk yet; once
                // the
                // checkpoint is behind it, nobody would look for it again.
                open.flush();
            }
            if (position < file.bytes && Room.isBlank(open, position, file.bytes)) {
                // Room that was never used, or zeros in place of what was flushed: then the
                // checkpoint or what follows says that something is missing.
                open.truncate(position);
                open.flush();
                file.bytes = (int) position;
            }
            boolean isWhole = position == file.bytes;
            if (isWhole && follows(i + 1)) {
                return null;
            }
            return settle(i, position);
        }
    }

    private boolean takesNext(BatchScanner scanner) throws IOException {
        return scanner.look(expected) == BatchScanner.Finding.BATCH
                && (scanner.baseOffset() == expected || expected < checkpoint.sparseBelow());
    }

    private boolean follows(int next) {
        if (next == files.size()) {
            return true;
        }
        long base = files.get(next).baseOffset;
        return base == expected || (base > expected && expected < checkpoint.sparseBelow());
    }

    /// Decides about a break: damage, or a torn tail.
    private @Nullable Beyond settle(int i, long position) throws IOException {
        Beyond beyond = lookBeyond(i, position);
        long durable = checkpoint.flushed().offset();
        if (beyond != null) {
            durable = Math.max(durable, beyond.durable());
        }
        if (durable <= expected) {
            cut(i, position, beyond);
            return null;
        }
        if (beyond == null) {
            loseEnd(i, durable);
            return new Beyond(files.size(), 0, expected, durable);
        }
        damage(i, position, beyond.baseOffset());
        return beyond;
    }

    private @Nullable Beyond lookBeyond(int i, long position) throws IOException {
        Beyond first = null;
        long durable = -1;
        for (int k = i; k < files.size(); k++) {
            Tail file = files.get(k);
            try (DiskFile open = disk.open(path(file))) {
                long from = k == i ? position : 0;
                BatchScanner scanner = new BatchScanner(open, from, file.bytes);
                if (expected >= checkpoint.sparseBelow()) {
                    scanner.dense(from);
                }
                long next = k == i ? expected : Math.max(expected, file.baseOffset);
                boolean sound = scanner.look(next) == BatchScanner.Finding.BATCH;
                while (sound || scanner.resync(next)) {
                    scanner.look(next);
                    durable =
                            Math.max(
                                    durable,
                                    BatchFormat.flushedBefore(scanner.bytes(), scanner.start()));
                    if (first == null) {
                        first = new Beyond(k, scanner.position(), scanner.baseOffset(), -1);
                    }
                    next = scanner.endOffset();
                    scanner.step();
                    sound = scanner.look(next) == BatchScanner.Finding.BATCH;
                }
            }
        }
        return first == null
                ? null
                : new Beyond(first.file(), first.position(), first.baseOffset(), durable);
    }

    /// Cuts a torn tail off: the rest of the file, and the files behind.
    private void cut(int i, long position, @Nullable Beyond beyond) throws IOException {
        Tail file = files.get(i);
        String reason =
                beyond == null
                        ? "the last write had not been completed"
                        : "the writes had not been flushed, and not all of them reached the disk";
        if (position < file.bytes) {
            cuts.add(
                    new RecoveryReport.Cut(
                            path(file).toString(), position, file.bytes - position, reason));
            try (DiskFile open = disk.open(path(file))) {
                open.truncate(position);
                open.flush();
            }
            file.bytes = (int) position;
        }
        while (files.size() > i + 1) {
            Tail last = files.removeLast();
            cuts.add(new RecoveryReport.Cut(path(last).toString(), 0, last.bytes, reason));
            disk.delete(path(last));
        }
        disk.syncFolder(folder);
    }

    private void damage(int i, long position, long toOffset) {
        String reason =
                position < files.get(i).bytes
                        ? "what had been flushed there is no whole batch any more"
                        : "the file is shorter than what had been flushed to it";
        damages.add(
                new RecoveryReport.Damage(
                        path(files.get(i)).toString(), position, expected, toOffset, reason));
    }

    /// The oldest segments are missing, though nobody deleted them.
    private void loseStart(long firstOffset) {
        long start = checkpoint.startOffset();
        damages.add(
                new RecoveryReport.Damage(
                        SegmentFiles.path(folder, start, SegmentFiles.LOG).toString(),
                        0,
                        start,
                        firstOffset,
                        "the file is missing"));
    }

    /// Nothing sound follows, but more had been flushed: its offsets are not given again.
    private void loseEnd(int i, long durable) {
        long end = durable;
        if (i >= 0) {
            damage(i, files.get(i).bytes, durable);
            end = Math.max(end, files.getLast().baseOffset + 1);
        } else {
            damages.add(
                    new RecoveryReport.Damage(
                            folder.toString(), 0, expected, durable, "all segments are missing"));
        }
        expected = end;
        endIsLost = true;
    }

    /// Writes what was taken once more and flushes it: it may be in the page cache only, and after
    /// a failed flush the system takes such pages for clean.
    private static void makeDurable(DiskFile file, long from, long to) throws IOException {
        if (from == to) {
            return;
        }
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(COPY_BYTES, to - from));
        long position = from;
        while (position < to) {
            buffer.clear();
            buffer.limit((int) Math.min(buffer.capacity(), to - position));
            int read = file.read(buffer, position);
            if (read < 0) {
                break;
            }
            buffer.flip();
            file.write(buffer, position);
            position += read;
        }
        file.flush();
    }

    private Path path(Tail file) {
        return SegmentFiles.path(folder, file.baseOffset, SegmentFiles.LOG);
    }
}

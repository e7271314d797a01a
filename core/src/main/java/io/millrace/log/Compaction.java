package io.millrace.log;

import io.millrace.io.Disk;
import io.millrace.io.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Keeps the latest record of each key: rewrites sealed segments, and puts small ones together.
/// Owned by the thread that appends.
///
/// A group of segments is replaced in steps, of which each is durable before the next:
///
/// 1. What stays is written to `FIRST-END.cleaned`. A crash before the next step changes nothing.
/// 2. That becomes `FIRST-END.swap`: from here on, recovery completes the rest.
/// 3. The group's other segments are deleted.
/// 4. The swap file takes the name of the group's first segment.
final class Compaction {
    /// For the keys' latest offsets: about two million keys in one pass.
    private static final int MEMORY_BYTES = 64 << 20;

    private final Path folder;
    private final Disk disk;
    private final OpenFiles openFiles;
    private final CheckpointKeeper checkpoints;
    private final Consumer<SegmentList> publish;
    private SegmentList segments;
    private boolean isCommitted;

    /// @param publish takes each new list of segments over, before old files are closed
    Compaction(
            Path folder,
            FileLogs.Parts parts,
            CheckpointKeeper checkpoints,
            SegmentList segments,
            Consumer<SegmentList> publish) {
        this.folder = folder;
        this.disk = parts.disk();
        this.openFiles = parts.openFiles();
        this.checkpoints = checkpoints;
        this.segments = segments;
        this.publish = publish;
    }

    /// Whether a step failed that only recovery can complete.
    boolean isCommitted() {
        return isCommitted;
    }

    /// @param flushed the end of what is on disk, in a segment behind all that can be compacted
    void run(LogConfig config, Mark flushed, long nowMillis) throws IOException {
        long cleanedBelow = checkpoints.cleanedBelow();
        List<Segment> all = cleanable();
        List<Segment> dirty = new ArrayList<>();
        long dirtyBytes = 0;
        long bytes = 0;
        for (int i = 0; i < all.size(); i++) {
            bytes += all.get(i).bytes();
            if (segments.endOf(i, Long.MAX_VALUE) > cleanedBelow) {
                dirty.add(all.get(i));
                dirtyBytes += all.get(i).bytes();
            }
        }
        // Half of what is read should be new, or the work would never end.
        if (dirtyBytes == 0 || dirtyBytes < bytes - dirtyBytes) {
            return;
        }
        int memory = (int) Math.min(MEMORY_BYTES, Math.max(1 << 16, dirtyBytes * 4));
        long grace = config.tombstoneRetention().toMillis();
        CompactionPass pass = new CompactionPass(memory, nowMillis - grace);
        pass.map(dirty, cleanedBelow);
        deleteLeftovers();
        checkpoints.compacting(flushed, pass.mappedTo());
        for (List<Segment> group : groups(all, pass.mappedTo(), config.segmentBytes())) {
            replace(group, pass);
        }
        checkpoints.compacted(pass.mappedTo());
    }

    /// Sealed segments of which everything is on disk.
    private List<Segment> cleanable() {
        List<Segment> list = segments.segments();
        int count = 0;
        while (count < list.size() - 1 && list.get(count).isFlushed()) {
            count++;
        }
        return list.subList(0, count);
    }

    private void deleteLeftovers() throws IOException {
        for (String name : disk.list(folder)) {
            if (name.endsWith(SegmentFiles.CLEANED) || name.endsWith(SegmentFiles.SWAP)) {
                disk.delete(folder.resolve(name));
            }
        }
    }

    /// Segments that fit into one together.
    private static List<List<Segment>> groups(List<Segment> all, long below, int bytesMax) {
        List<List<Segment>> groups = new ArrayList<>();
        List<Segment> group = new ArrayList<>();
        long bytes = 0;
        for (Segment segment : all) {
            if (segment.baseOffset() >= below) {
                break;
            }
            boolean isFull =
                    !group.isEmpty()
                            && (bytes + segment.bytes() > bytesMax
                                    || segment.baseOffset() - group.getFirst().baseOffset()
                                            > Integer.MAX_VALUE / 2);
            if (isFull) {
                groups.add(group);
                group = new ArrayList<>();
                bytes = 0;
            }
            group.add(segment);
            bytes += segment.bytes();
        }
        if (!group.isEmpty()) {
            groups.add(group);
        }
        return groups;
    }

    private void replace(List<Segment> group, CompactionPass pass) throws IOException {
        Segment first = group.getFirst();
        int from = segments.floor(first.baseOffset());
        long end = segments.endOf(from + group.size() - 1, Long.MAX_VALUE);
        SegmentSwap swap = new SegmentSwap(disk, folder, first.baseOffset(), end);
        int bytes = 0;
        try (DiskFile target = disk.open(swap.cleaned())) {
            target.truncate(0);
            for (Segment segment : group) {
                bytes = pass.copy(segment, target, bytes);
            }
            target.flush();
        }
        for (Segment segment : group) {
            segment.pin();
        }
        isCommitted = true;
        swap.commit();
        swap.complete();
        Segment merged =
                Segment.sealed(folder, first.baseOffset(), bytes, disk, openFiles).sparse(true);
        segments = segments.replaced(from, group.size(), merged);
        publish.accept(segments);
        isCommitted = false;
        try {
            merged.writeIndex(bytes);
        } catch (IOException _) {
            // It is made anew when it is needed.
        }
        for (Segment segment : group) {
            segment.unpin();
        }
    }
}

package io.millrace.log.segment;

import io.millrace.io.Disk;
import java.io.IOException;
import java.nio.file.Path;

/// The replacement of a group of segments by one; see [Compaction].
///
/// @param baseOffset the group's first offset
/// @param endOffset the base offset of the segment behind the group
public record SegmentSwap(Disk disk, Path folder, long baseOffset, long endOffset) {
    public Path cleaned() {
        return folder.resolve(name() + SegmentFiles.CLEANED);
    }

    private Path swap() {
        return folder.resolve(name() + SegmentFiles.SWAP);
    }

    private String name() {
        return SegmentFiles.digits(baseOffset) + "-" + SegmentFiles.digits(endOffset);
    }

    /// The flushed `.cleaned` file becomes the one that counts.
    public void commit() throws IOException {
        disk.rename(cleaned(), swap());
        disk.syncFolder(folder);
    }

    /// Everything that follows the commit; may be repeated.
    public void complete() throws IOException {
        for (String name : disk.list(folder)) {
            deleteIfReplaced(name, SegmentFiles.INDEX, baseOffset);
            deleteIfReplaced(name, SegmentFiles.TIME_INDEX, baseOffset);
            deleteIfReplaced(name, SegmentFiles.LOG, baseOffset + 1);
        }
        disk.syncFolder(folder);
        disk.rename(swap(), SegmentFiles.path(folder, baseOffset, SegmentFiles.LOG));
        disk.syncFolder(folder);
    }

    private void deleteIfReplaced(String name, String suffix, long from) throws IOException {
        Long base = SegmentFiles.baseOffset(name, suffix);
        if (base != null && base >= from && base < endOffset) {
            disk.delete(folder.resolve(name));
        }
    }

    /// Deletes what was not committed, and completes what was.
    public static void recover(Disk disk, Path folder) throws IOException {
        for (String name : disk.list(folder)) {
            if (name.endsWith(SegmentFiles.CLEANED)) {
                disk.delete(folder.resolve(name));
            } else if (name.endsWith(SegmentFiles.SWAP)) {
                int dash = name.indexOf('-');
                int dot = name.indexOf('.');
                long base = Long.parseLong(name, 0, dash, 10);
                long end = Long.parseLong(name, dash + 1, dot, 10);
                new SegmentSwap(disk, folder, base, end).complete();
            }
        }
    }
}

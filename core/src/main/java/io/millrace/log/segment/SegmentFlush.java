package io.millrace.log.segment;

import io.millrace.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Makes segments durable, the oldest first, and their names. One thread at a time.
public record SegmentFlush(Disk disk, Path folder) {
    /// @param from up to where everything is durable already
    /// @param target up to where it has to be
    public void run(SegmentList now, Mark from, Mark target) throws IOException {
        List<Segment> due =
                now.segments()
                        .subList(
                                now.floor(from.segmentBase()), now.floor(target.segmentBase()) + 1);
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
            if (open != null) {
                open.leaveQuietly();
            }
        }
    }

    private static void sealedAndFlushed(Segment segment) {
        try {
            segment.sealedAndFlushed();
        } catch (IOException _) {
            // An index that could not be written is made anew when it is needed.
        }
    }
}

package io.millrace.log.clean;

import io.millrace.log.LogConfig;
import io.millrace.log.segment.Mark;
import io.millrace.log.segment.Segment;
import io.millrace.log.segment.SegmentList;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which segments a policy wants to be gone. Owned by the thread that appends.
public final class Retention {
    private Retention() {}

    /// Whether the active segment should be sealed although nothing is appended: it is old enough
    /// for a new one, or all in it is so old that it may go, or has been deleted.
    public static boolean wantsRoll(
            SegmentList segments, LogConfig config, Mark end, long nowMillis) throws IOException {
        Segment active = segments.active();
        if (active.bytes() == 0) {
            return false;
        }
        long first = active.firstTimestamp();
        if (first < 0) {
            // A producer's batch came first, whose time says nothing about the segment's age.
            active.firstTimestamp(nowMillis);
        }
        return segments.startOffset() >= end.offset()
                || (first >= 0 && nowMillis - first >= config.segmentAge().toMillis())
                || isOld(active.lastTimestamp(), config.retentionAge(), nowMillis);
    }

    /// Whether the oldest segment is too much.
    public static boolean isOversized(SegmentList segments, LogConfig config) {
        Long bytesMax = config.retentionBytes();
        List<Segment> list = segments.segments();
        return bytesMax != null
                && list.size() > 1
                && segments.bytes() - list.getFirst().bytes() >= bytesMax;
    }

    /// How many segments, from the oldest on, may go. The active one never does, nor one that may
    /// hold an offset from `keepFrom` on.
    public static int due(SegmentList segments, LogConfig config, long keepFrom, long nowMillis)
            throws IOException {
        List<Segment> list = segments.segments();
        Long bytesMax = config.retentionBytes();
        long bytes = segments.bytes();
        int due = segments.unread();
        for (int i = 0; i < due; i++) {
            bytes -= list.get(i).bytes();
        }
        while (due < list.size() - 1 && list.get(due + 1).baseOffset() <= keepFrom) {
            Segment oldest = list.get(due);
            boolean isTooMuch = bytesMax != null && bytes - oldest.bytes() >= bytesMax;
            if (!isTooMuch && !isOld(oldest.lastTimestamp(), config.retentionAge(), nowMillis)) {
                break;
            }
            bytes -= oldest.bytes();
            due++;
        }
        return due;
    }

    private static boolean isOld(long timestampMillis, @Nullable Duration age, long nowMillis) {
        return age != null && nowMillis - timestampMillis > age.toMillis();
    }
}

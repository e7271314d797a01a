package io.millrace.log.segment;

import java.util.ArrayList;
import java.util.List;

/// The segments of a log in order, never empty, immutable.
///
/// @param startOffset the oldest offset that may be read
public record SegmentList(List<Segment> segments, long startOffset) {
    public SegmentList {
        segments = List.copyOf(segments);
    }

    public Segment active() {
        return segments.getLast();
    }

    /// The index of the segment in which the offset lies, or would lie.
    public int floor(long offset) {
        int low = 0;
        int high = segments.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (segments.get(middle).baseOffset() <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /// The offset at which the segment's successor begins; `endOffset` for the last.
    public long endOf(int index, long endOffset) {
        return index + 1 < segments.size() ? segments.get(index + 1).baseOffset() : endOffset;
    }

    public SegmentList with(Segment next) {
        List<Segment> all = new ArrayList<>(segments);
        all.add(next);
        return new SegmentList(all, startOffset);
    }

    /// With `count` segments from one on replaced by one.
    public SegmentList replaced(int from, int count, Segment by) {
        List<Segment> all = new ArrayList<>(segments.subList(0, from));
        all.add(by);
        all.addAll(segments.subList(from + count, segments.size()));
        return new SegmentList(all, startOffset);
    }

    /// Without the first `count` segments.
    public SegmentList from(int count) {
        List<Segment> rest = segments.subList(count, segments.size());
        return new SegmentList(rest, Math.max(startOffset, rest.getFirst().baseOffset()));
    }

    /// With nothing to be read before an offset; the segments themselves stay.
    public SegmentList startingAt(long offset) {
        return new SegmentList(segments, Math.max(startOffset, offset));
    }

    /// Bytes on disk.
    public long bytes() {
        long bytes = 0;
        for (Segment segment : segments) {
            bytes += segment.bytes();
        }
        return bytes;
    }

    /// How many segments have nothing any more that may be read.
    public int unread() {
        int count = 0;
        while (count + 1 < segments.size() && segments.get(count + 1).baseOffset() <= startOffset) {
            count++;
        }
        return count;
    }
}

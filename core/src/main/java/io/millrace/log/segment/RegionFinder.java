package io.millrace.log.segment;

import io.millrace.log.LogRegion;
import io.millrace.log.batch.BatchScanner;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Finds where whole batches lie in one segment, by its index and by headers: nothing is checked
/// against its CRC or copied, because whoever gets the bytes checks them. Any thread.
///
/// @param reader of the segment, up to where may be read
/// @param recent where the latest appends ended
public record RegionFinder(SegmentReader reader, RecentMarks recent) {
    /// An index entry's distance, and one header more.
    private static final int WINDOW_BYTES = SparseIndex.INTERVAL_BYTES + 64;

    /// @param position of the first batch
    /// @param size of the first batch
    private record First(int position, int size) {}

    /// @return with no bytes if the segment has nothing at or after the offset
    public LogRegion find(long offset, int bytesMax) throws IOException {
        Segment segment = reader.segment();
        OpenFile open = segment.open();
        LogRegion region = null;
        try {
            region = find(open, offset, bytesMax);
            if (region == null && segment.rebuildIndex()) {
                region = find(open, offset, bytesMax);
            }
            if (region == null) {
                throw reader.corrupt(offset);
            }
            return region;
        } finally {
            if (region == null || region.size() == 0) {
                open.leave();
            }
        }
    }

    /// @return `null` if there is damage
    private @Nullable LogRegion find(OpenFile open, long offset, int bytesMax) throws IOException {
        Segment segment = reader.segment();
        int end = end(open);
        int known = recent.position(segment.baseOffset(), offset);
        if (known >= 0 && end - known <= bytesMax) {
            return region(open, known, end - known, end);
        }
        First first = first(open, offset, known, end);
        if (first == null) {
            return null;
        }
        int size = Math.min(end - first.position(), Math.max(bytesMax, first.size()));
        return region(open, first.position(), size, end);
    }

    private LogRegion region(OpenFile open, int position, int size, int end) {
        if (size <= 0) {
            return FileRegion.EMPTY;
        }
        boolean isWhole = position + size == end;
        return new FileRegion(open, position, size, isWhole ? reader.endOffset() : 0);
    }

    /// Where the last batch ends that may be read.
    private int end(OpenFile open) throws IOException {
        if (!reader.isCut()) {
            return reader.limit();
        }
        Segment segment = reader.segment();
        long offset = reader.endOffset();
        int known = recent.position(segment.baseOffset(), offset);
        if (known >= 0) {
            return known;
        }
        int from = segment.index().floorPosition(offset - segment.baseOffset());
        BatchScanner scanner =
                new BatchScanner(open.file(), from, reader.limit(), false, WINDOW_BYTES);
        while (scanner.look(segment.baseOffset()) == BatchScanner.Finding.BATCH
                && scanner.baseOffset() < offset) {
            scanner.step();
        }
        return (int) scanner.position();
    }

    /// The batch that holds the offset or, where there may be gaps, the next one.
    private @Nullable First first(OpenFile open, long offset, int known, int end)
            throws IOException {
        Segment segment = reader.segment();
        int from =
                known >= 0 ? known : segment.index().floorPosition(offset - segment.baseOffset());
        BatchScanner scanner = new BatchScanner(open.file(), from, end, false, WINDOW_BYTES);
        while (true) {
            switch (scanner.look(segment.baseOffset())) {
                case END -> {
                    return reader.dense() && end == reader.limit() ? null : new First(end, 0);
                }
                case DAMAGE -> {
                    return null;
                }
                case BATCH -> {
                    if (scanner.endOffset() > offset) {
                        return reader.dense() && scanner.baseOffset() > offset
                                ? null
                                : new First((int) scanner.position(), scanner.size());
                    }
                    scanner.step();
                }
            }
        }
    }
}

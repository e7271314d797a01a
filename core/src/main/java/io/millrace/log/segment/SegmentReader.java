package io.millrace.log.segment;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.batch.BatchFormat;
import io.millrace.log.batch.BatchScanner;
import io.millrace.log.batch.BatchSlice;
import io.millrace.log.batch.RecordView;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads from one segment, up to a limit that was readable when the read began. Any thread.
///
/// @param segment where to read
/// @param limit bytes that may be looked at
/// @param endOffset the offset behind the segment's last, or up to which may be read
/// @param dense whether no offset may be missing
public record SegmentReader(Segment segment, int limit, long endOffset, boolean dense) {
    /// @return empty if the segment has nothing at or after the offset
    /// @throws MillraceException PARTITION_CORRUPT if the offset's batch is damaged
    public BatchSlice read(long offset, int bytesMax) throws IOException {
        BatchSlice slice = tryRead(offset, bytesMax);
        if (slice == null && segment.rebuildIndex()) {
            // It was the index that was damaged, or it was not.
            slice = tryRead(offset, bytesMax);
        }
        if (slice == null) {
            throw corrupt(offset);
        }
        return slice;
    }

    /// @return `null` if there is damage
    private @Nullable BatchSlice tryRead(long offset, int bytesMax) throws IOException {
        SparseIndex index = segment.index();
        int entry = index.floorEntry(offset - segment.baseOffset());
        int from = entry < 0 ? 0 : index.position(entry);
        long firstEnd = entry < 0 ? -1 : segment.baseOffset() + index.lastOffsetDelta(entry) + 1;
        OpenFile open = segment.open();
        try {
            int window = Math.max(bytesMax, BatchFormat.HEADER_BYTES);
            window = (int) Math.min(limit, (long) window + SparseIndex.INTERVAL_BYTES);
            BatchScanner scanner =
                    anchored(new BatchScanner(open.file(), from, limit, true, window));
            boolean sound =
                    entry < 0
                            || (scanner.look(segment.baseOffset()) == BatchScanner.Finding.BATCH
                                    && scanner.endOffset() == firstEnd);
            long expected = entry < 0 ? segment.baseOffset() : -1;
            if (sound && find(scanner, offset, expected)) {
                return collect(scanner, offset, bytesMax);
            }
            // To find nothing is right at the end of a segment with gaps only.
            return !dense && scanner.position() == limit ? BatchSlice.empty(endOffset) : null;
        } finally {
            open.leave();
        }
    }

    /// Moves to the batch that holds the offset or, where there may be gaps, the next one.
    ///
    /// @param first the offset that the first batch must begin with; -1 if that is not known
    private boolean find(BatchScanner scanner, long offset, long first) throws IOException {
        long expected = first;
        while (true) {
            BatchScanner.Finding found = scanner.look(Math.max(expected, segment.baseOffset()));
            if (found == BatchScanner.Finding.END) {
                return false;
            }
            boolean torn =
                    dense
                            && expected >= 0
                            && found == BatchScanner.Finding.BATCH
                            && scanner.baseOffset() != expected;
            if (found == BatchScanner.Finding.DAMAGE || torn) {
                if (!scanner.resync(Math.max(expected, segment.baseOffset()))
                        || scanner.baseOffset() > offset) {
                    return false;
                }
                expected = scanner.baseOffset();
            } else if (scanner.endOffset() > offset) {
                return !dense || scanner.baseOffset() <= offset;
            } else {
                expected = scanner.endOffset();
                scanner.step();
            }
        }
    }

    /// As many whole batches as are in the scanner's memory and fit.
    private BatchSlice collect(BatchScanner scanner, long offset, int bytesMax) {
        byte[] bytes = scanner.bytes();
        int from = scanner.start();
        int to = from;
        long next = offset;
        int size = scanner.size();
        int loaded = scanner.loadedEnd();
        while (true) {
            refuseCompressed(bytes, to, scanner.position() + to - from);
            to += size;
            next = BatchFormat.endOffset(bytes, to - size);
            if (to + BatchFormat.HEADER_BYTES > loaded
                    || !BatchFormat.isPlausible(bytes, to, next)
                    || (dense && BatchFormat.baseOffset(bytes, to) != next)) {
                break;
            }
            size = BatchFormat.size(bytes, to);
            if (to + (long) size > loaded
                    || to + (long) size - from > bytesMax
                    || !BatchFormat.crcMatches(bytes, to)) {
                break;
            }
        }
        return new BatchSlice(bytes, from, to, offset, next);
    }

    private void refuseCompressed(byte[] bytes, int at, long position) {
        if (BatchFormat.compression(bytes, at) != 0) {
            throw new MillraceException(
                    ErrorCode.ENCODING_UNSUPPORTED,
                    "The batch at position %d of %s is compressed, which this version cannot read."
                            .formatted(position, segment.path()));
        }
    }

    private BatchScanner anchored(BatchScanner scanner) {
        return dense ? scanner.dense(0) : scanner;
    }

    /// The first offset at or after the one given that is in a sound batch; -1 if there is none.
    public long nextIntact(long offset) throws IOException {
        OpenFile open = segment.open();
        try {
            int from = segment.index().floorPosition(offset - segment.baseOffset());
            BatchScanner scanner = anchored(new BatchScanner(open.file(), from, limit));
            long expected = segment.baseOffset();
            while (true) {
                switch (scanner.look(expected)) {
                    case END -> {
                        return -1;
                    }
                    case DAMAGE -> scanner.resync(expected);
                    case BATCH -> {
                        if (scanner.endOffset() > offset) {
                            return Math.max(offset, scanner.baseOffset());
                        }
                        expected = scanner.endOffset();
                        scanner.step();
                    }
                }
            }
        } finally {
            open.leave();
        }
    }

    /// The offset of the first record at or after the time; -1 if there is none.
    public long offsetAt(long timestampMillis) throws IOException {
        OpenFile open = segment.open();
        try {
            int from = segment.index().floorPositionOfTime(timestampMillis);
            BatchScanner scanner = anchored(new BatchScanner(open.file(), from, limit));
            long expected = segment.baseOffset();
            while (true) {
                switch (scanner.look(expected)) {
                    case END -> {
                        return -1;
                    }
                    case DAMAGE -> scanner.resync(expected);
                    case BATCH -> {
                        if (scanner.maxTimestamp() >= timestampMillis) {
                            return offsetAt(scanner, timestampMillis);
                        }
                        expected = scanner.endOffset();
                        scanner.step();
                    }
                }
            }
        } finally {
            open.leave();
        }
    }

    private static long offsetAt(BatchScanner scanner, long timestampMillis) {
        byte[] bytes = scanner.bytes();
        int start = scanner.start();
        if (BatchFormat.baseTimestamp(bytes, start) >= timestampMillis
                || BatchFormat.compression(bytes, start) != 0) {
            return scanner.baseOffset();
        }
        RecordView view = new RecordView(bytes);
        int at = start + BatchFormat.HEADER_BYTES;
        for (int i = BatchFormat.recordCount(bytes, start); i > 0; i--) {
            at = view.moveTo(at, scanner.baseOffset(), BatchFormat.baseTimestamp(bytes, start));
            if (view.timestampMillis() >= timestampMillis) {
                return view.offset();
            }
        }
        return scanner.baseOffset();
    }

    private MillraceException corrupt(long offset) throws IOException {
        int position = segment.index().floorPosition(offset - segment.baseOffset());
        OpenFile open = segment.open();
        try {
            BatchScanner scanner = anchored(new BatchScanner(open.file(), position, limit));
            long expected = segment.baseOffset();
            while (scanner.look(expected) == BatchScanner.Finding.BATCH) {
                expected = scanner.endOffset();
                scanner.step();
            }
            return new MillraceException(
                    ErrorCode.PARTITION_CORRUPT,
                    "The record at offset %d cannot be read: %s is damaged at position %d. %s"
                            .formatted(
                                    offset,
                                    segment.path(),
                                    scanner.position(),
                                    "Records behind the damage can be read; restore the file from a"
                                            + " backup to get these back."));
        } finally {
            open.leave();
        }
    }
}

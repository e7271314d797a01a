package io.millrace.log.segment;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.AbortedBatches;
import io.millrace.log.BatchVisitor;
import io.millrace.log.ReadBuffer;
import io.millrace.log.TimedOffset;
import io.millrace.log.batch.BatchFormat;
import io.millrace.log.batch.BatchScanner;
import io.millrace.log.batch.BatchSlice;
import io.millrace.log.batch.Compression;
import io.millrace.log.batch.ScannedBatch;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads from one segment, up to a limit that was readable when the read began. Any thread.
///
/// @param segment where to read
/// @param limit bytes that may be looked at
/// @param limits the same in offsets
/// @param aborted what records' readers never see
public record SegmentReader(Segment segment, int limit, Limits limits, AbortedBatches aborted) {
    private static final int HEADERS_BYTES = SparseIndex.INTERVAL_BYTES + BatchFormat.HEADER_BYTES;

    /// @param inside the offset behind the last batch that may be looked at
    /// @param readable up to where may be read, whatever the segment has
    /// @param dense whether no offset may be missing
    public record Limits(long inside, long readable, boolean dense) {}

    /// The offset behind the segment's last, or up to which may be read.
    public long endOffset() {
        return Math.min(limits.inside(), limits.readable());
    }

    boolean isCut() {
        return limits.readable() < limits.inside();
    }

    boolean dense() {
        return limits.dense();
    }

    /// @return empty if the segment has nothing at or after the offset
    /// @throws MillraceException PARTITION_CORRUPT if the offset's batch is damaged
    public BatchSlice read(long offset, ReadBuffer buffer) throws IOException {
        BatchSlice slice = tryRead(offset, buffer);
        if (slice == null && segment.rebuildIndex()) {
            // It was the index that was damaged, or it was not.
            slice = tryRead(offset, buffer);
        }
        if (slice == null) {
            throw corrupt(offset);
        }
        return slice;
    }

    /// @return `null` if there is damage
    private @Nullable BatchSlice tryRead(long offset, ReadBuffer buffer) throws IOException {
        SparseIndex index = segment.index();
        int entry = index.floorEntry(offset - segment.baseOffset());
        int from = entry < 0 ? 0 : index.position(entry);
        long firstEnd = entry < 0 ? -1 : segment.baseOffset() + index.lastOffsetDelta(entry) + 1;
        OpenFile open = segment.open();
        try {
            int window = Math.max(buffer.bytesMax(), BatchFormat.HEADER_BYTES);
            window = (int) Math.min(limit, (long) window + SparseIndex.INTERVAL_BYTES);
            window = Math.min(window, Math.max(limit - from, 1));
            BatchScanner scanner =
                    anchored(new BatchScanner(open.file(), from, limit, true, buffer.take(window)));
            boolean sound =
                    entry < 0
                            || (scanner.look(segment.baseOffset()) == BatchScanner.Finding.BATCH
                                    && scanner.endOffset() == firstEnd);
            long expected = entry < 0 ? segment.baseOffset() : -1;
            if (sound && find(scanner, offset, expected)) {
                return scanner.baseOffset() < endOffset()
                        ? collect(scanner, offset, buffer.bytesMax())
                        : BatchSlice.empty(endOffset());
            }
            // To find nothing is right at the end of a segment with gaps only.
            return !dense() && scanner.position() == limit ? BatchSlice.empty(endOffset()) : null;
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
                    dense()
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
                return !dense() || scanner.baseOffset() <= offset;
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
        boolean isCompressed = false;
        while (true) {
            isCompressed |= BatchFormat.compression(bytes, to) != Compression.NONE;
            if (isAborted(bytes, to)) {
                // In this copy only: whoever walks over the slice leaves it out.
                BatchFormat.markControl(bytes, to);
            }
            to += size;
            next = BatchFormat.endOffset(bytes, to - size);
            if (to + BatchFormat.HEADER_BYTES > loaded
                    || !BatchFormat.isPlausible(bytes, to, next)
                    || BatchFormat.baseOffset(bytes, to) >= endOffset()
                    || (dense() && BatchFormat.baseOffset(bytes, to) != next)) {
                break;
            }
            size = BatchFormat.size(bytes, to);
            if (to + (long) size > loaded
                    || to + (long) size - from > bytesMax
                    || !BatchFormat.crcMatches(bytes, to)) {
                break;
            }
        }
        BatchSlice slice = new BatchSlice(bytes, from, to, offset, next);
        return isCompressed ? slice.uncompressed(bytesMax) : slice;
    }

    private BatchScanner anchored(BatchScanner scanner) {
        return dense() ? scanner.dense(0) : scanner;
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

    private boolean isAborted(byte[] bytes, int at) {
        return BatchFormat.isTransactional(bytes, at)
                && aborted.isAborted(
                        BatchFormat.producerId(bytes, at), BatchFormat.baseOffset(bytes, at));
    }

    /// The first record at or after the time, not before an offset.
    public TimedOffset at(long timestampMillis, long from) throws IOException {
        return walkTimes(
                segment.index().floorPositionOfTime(timestampMillis),
                new TimeSearch(timestampMillis, from, false, TimedOffset.NONE));
    }

    /// The first of the records with the latest time, if that is later than one known.
    public TimedOffset latest(TimedOffset known, long from) throws IOException {
        long later = known.timestampMillis() + 1;
        return walkTimes(
                segment.index().floorPositionOfTime(later),
                new TimeSearch(later, from, true, known));
    }

    private TimedOffset walkTimes(int position, TimeSearch search) throws IOException {
        OpenFile open = segment.open();
        try {
            BatchScanner scanner =
                    anchored(new BatchScanner(open.file(), position, limit, false, HEADERS_BYTES));
            long expected = segment.baseOffset();
            while (true) {
                switch (scanner.look(expected)) {
                    case END -> {
                        return search.found();
                    }
                    case DAMAGE -> scanner.resync(expected);
                    case BATCH -> {
                        boolean isHidden = scanner.baseOffset() >= endOffset();
                        if (isHidden || visitTimes(scanner, search)) {
                            return search.found();
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

    /// @return whether the search is over
    private boolean visitTimes(BatchScanner scanner, TimeSearch search) throws IOException {
        if (scanner.maxTimestamp() < search.from()
                || BatchFormat.isControl(scanner.bytes(), scanner.start())
                || isAborted(scanner.bytes(), scanner.start())
                || !scanner.load()) {
            return false;
        }
        if (BatchFormat.compression(scanner.bytes(), scanner.start()) == Compression.NONE) {
            return search.visit(scanner.bytes(), scanner.start());
        }
        return search.visit(Compression.uncompressed(scanner.bytes(), scanner.start()), 0);
    }

    /// Hands over the headers of all batches from the one on that holds an offset.
    public void forEachBatch(long offset, BatchVisitor visitor) throws IOException {
        OpenFile open = segment.open();
        try {
            int from = segment.index().floorPosition(offset - segment.baseOffset());
            BatchScanner scanner =
                    anchored(new BatchScanner(open.file(), from, limit, false, HEADERS_BYTES));
            ScannedBatch batch = new ScannedBatch(scanner);
            long expected = segment.baseOffset();
            while (true) {
                switch (scanner.look(expected)) {
                    case END -> {
                        return;
                    }
                    case DAMAGE -> scanner.resync(expected);
                    case BATCH -> {
                        expected = scanner.endOffset();
                        if (expected > offset && batch.moved()) {
                            visitor.batch(batch);
                        }
                        scanner.step();
                    }
                }
            }
        } finally {
            open.leave();
        }
    }

    MillraceException corrupt(long offset) throws IOException {
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

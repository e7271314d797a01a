package io.millrace.log;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.batch.BatchSlice;
import io.millrace.log.batch.ReadFailure;
import io.millrace.log.segment.FileRegion;
import io.millrace.log.segment.Mark;
import io.millrace.log.segment.RecentMarks;
import io.millrace.log.segment.RegionFinder;
import io.millrace.log.segment.Segment;
import io.millrace.log.segment.SegmentList;
import io.millrace.log.segment.SegmentReader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/// A log as it could be read at one moment. Any thread.
///
/// @param segments at least all that the mark covers
/// @param stored where what is stored ends
/// @param end up to where may be read: no later than the mark, where a batch begins
/// @param aborted what records' readers never see
record Reading(SegmentList segments, Mark stored, long end, AbortedBatches aborted) {
    @SuppressWarnings("ReferenceEquality") // each change makes a new list
    boolean isOf(SegmentList now) {
        return segments == now;
    }

    LogSlice read(long offset, ReadBuffer buffer) {
        requireInside(offset, end);
        if (offset == end) {
            return BatchSlice.empty(offset);
        }
        int count = segments.segments().size();
        long from = offset;
        for (int i = segments.floor(offset); i < count && from < end; i++) {
            SegmentReader reader = reader(i);
            if (reader.limit() > 0 || reader.endOffset() > from) {
                try {
                    BatchSlice slice = reader.read(from, buffer);
                    if (!slice.isEmpty()) {
                        return slice;
                    }
                } catch (IOException e) {
                    throw unreadable(reader.segment(), e);
                }
            }
            // The rest of that segment had been compacted away.
            from = Math.max(from, reader.endOffset());
        }
        return BatchSlice.empty(end);
    }

    private void requireInside(long offset, long last) {
        if (offset < segments.startOffset() || offset > last) {
            throw new MillraceException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "Offset %d is not in the log, which has %d to %d."
                            .formatted(offset, segments.startOffset(), last));
        }
    }

    LogRegion region(long offset, int bytesMax, RecentMarks recent) {
        requireInside(offset, stored.offset());
        int count = segments.segments().size();
        long from = offset;
        for (int i = segments.floor(offset); i < count && from < end; i++) {
            SegmentReader reader = reader(i);
            if (reader.limit() > 0 || reader.endOffset() > from) {
                try {
                    LogRegion region = new RegionFinder(reader, recent).find(from, bytesMax);
                    if (region.size() > 0) {
                        return region;
                    }
                } catch (IOException e) {
                    throw unreadable(reader.segment(), e);
                }
            }
            from = Math.max(from, reader.endOffset());
        }
        return FileRegion.EMPTY;
    }

    long nextIntactOffset(long offset) {
        long from = Math.max(offset, segments.startOffset());
        int count = segments.segments().size();
        for (int i = segments.floor(from); i < count && from < end; i++) {
            try {
                long found = reader(i).nextIntact(from);
                if (found >= 0) {
                    return Math.min(found, end);
                }
            } catch (IOException _) {
                // A file that cannot be read has nothing intact.
            }
        }
        return end;
    }

    /// The first record at or after the time.
    TimedOffset at(long timestampMillis) {
        long start = segments.startOffset();
        int count = segments.segments().size();
        for (int i = segments.floor(start); i < count; i++) {
            SegmentReader reader = reader(i);
            try {
                boolean isLast = i + 1 == count;
                if (isLast || reader.segment().lastTimestamp() >= timestampMillis) {
                    TimedOffset found = reader.at(timestampMillis, start);
                    if (found.isFound()) {
                        return found;
                    }
                }
            } catch (IOException e) {
                throw unreadable(reader.segment(), e);
            }
        }
        return TimedOffset.NONE;
    }

    /// The first of the records with the latest time.
    TimedOffset latest() {
        TimedOffset latest = TimedOffset.NONE;
        int count = segments.segments().size();
        for (int i = segments.floor(segments.startOffset()); i < count; i++) {
            SegmentReader reader = reader(i);
            try {
                if (i + 1 == count || reader.segment().lastTimestamp() > latest.timestampMillis()) {
                    latest = reader.latest(latest, segments.startOffset());
                }
            } catch (IOException e) {
                throw unreadable(reader.segment(), e);
            }
        }
        return latest;
    }

    void forEachBatch(long offset, BatchVisitor visitor) {
        long from = Math.max(offset, segments.startOffset());
        int count = segments.segments().size();
        for (int i = segments.floor(from); i < count; i++) {
            SegmentReader reader = reader(i);
            try {
                reader.forEachBatch(from, visitor);
            } catch (IOException e) {
                throw unreadable(reader.segment(), e);
            }
        }
    }

    private SegmentReader reader(int i) {
        Segment segment = segments.segments().get(i);
        long base = segment.baseOffset();
        int bytes;
        if (base == stored.segmentBase()) {
            bytes = stored.position();
        } else {
            bytes = base < stored.segmentBase() ? segment.bytes() : 0;
        }
        long inside = Math.min(segments.endOf(i, stored.offset()), stored.offset());
        return new SegmentReader(
                segment,
                bytes,
                new SegmentReader.Limits(inside, end, !segment.isSparse()),
                aborted);
    }

    private MillraceException unreadable(Segment segment, IOException e) {
        if (segment.isDeleted() && e instanceof NoSuchFileException) {
            return new MillraceException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "The offset has just been removed from the log by retention.");
        }
        String where = e instanceof ReadFailure failure ? " at position " + failure.position() : "";
        String what =
                e instanceof ReadFailure && e.getCause() != null
                        ? e.getCause().getMessage()
                        : e.getMessage();
        return new MillraceException(
                ErrorCode.DISK_READ_FAILED,
                ("The disk cannot read %s%s: %s. Nothing says that the records are damaged; look for the disk's"
                                + " errors in the system's log, and if they stay, restore the file on another disk"
                                + " from a backup.")
                        .formatted(segment.path(), where, what),
                e);
    }
}

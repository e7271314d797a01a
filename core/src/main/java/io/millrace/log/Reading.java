package io.millrace.log;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.batch.BatchSlice;
import io.millrace.log.batch.ReadFailure;
import io.millrace.log.segment.Mark;
import io.millrace.log.segment.Segment;
import io.millrace.log.segment.SegmentList;
import io.millrace.log.segment.SegmentReader;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/// A log as it could be read at one moment. Any thread.
///
/// @param segments at least all that the limit covers
/// @param limit up to where may be read
record Reading(SegmentList segments, Mark limit) {
    @SuppressWarnings("ReferenceEquality") // each change makes a new list
    boolean isOf(SegmentList now) {
        return segments == now;
    }

    LogSlice read(long offset, int bytesMax) {
        if (offset < segments.startOffset() || offset > limit.offset()) {
            throw new MillraceException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "Offset %d is not in the log, which has %d to %d."
                            .formatted(offset, segments.startOffset(), limit.offset()));
        }
        if (offset == limit.offset()) {
            return BatchSlice.empty(offset);
        }
        int count = segments.segments().size();
        long from = offset;
        for (int i = segments.floor(offset); i < count; i++) {
            SegmentReader reader = reader(i);
            if (reader.limit() > 0 || reader.endOffset() > from) {
                try {
                    BatchSlice slice = reader.read(from, bytesMax);
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
        return BatchSlice.empty(limit.offset());
    }

    long nextIntactOffset(long offset) {
        long from = Math.max(offset, segments.startOffset());
        int count = segments.segments().size();
        for (int i = segments.floor(from); i < count && from < limit.offset(); i++) {
            try {
                long found = reader(i).nextIntact(from);
                if (found >= 0) {
                    return found;
                }
            } catch (IOException _) {
                // A file that cannot be read has nothing intact.
            }
        }
        return limit.offset();
    }

    long offsetAt(long timestampMillis) {
        int count = segments.segments().size();
        for (int i = 0; i < count; i++) {
            SegmentReader reader = reader(i);
            try {
                boolean isLast = i + 1 == count;
                if (isLast || reader.segment().lastTimestamp() >= timestampMillis) {
                    long found = reader.offsetAt(timestampMillis);
                    if (found >= 0) {
                        return Math.clamp(found, segments.startOffset(), limit.offset());
                    }
                }
            } catch (IOException e) {
                throw unreadable(reader.segment(), e);
            }
        }
        return limit.offset();
    }

    private SegmentReader reader(int i) {
        Segment segment = segments.segments().get(i);
        long base = segment.baseOffset();
        int bytes;
        if (base == limit.segmentBase()) {
            bytes = limit.position();
        } else {
            bytes = base < limit.segmentBase() ? segment.bytes() : 0;
        }
        long end = Math.min(segments.endOf(i, limit.offset()), limit.offset());
        return new SegmentReader(segment, bytes, end, !segment.isSparse());
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

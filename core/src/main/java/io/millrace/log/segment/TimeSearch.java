package io.millrace.log.segment;

import io.millrace.log.TimedOffset;
import io.millrace.log.batch.BatchFormat;
import io.millrace.log.batch.RecordView;

/// Looks for a record by its time. Not thread-safe.
final class TimeSearch {
    private final long fromOffset;
    private final boolean wantsLatest;
    private long from;
    private TimedOffset found;

    /// @param from times before this one are of no interest
    /// @param fromOffset records before it neither
    /// @param wantsLatest whether to go on for a later time instead of ending with the first record
    /// @param found what is known before the search
    TimeSearch(long from, long fromOffset, boolean wantsLatest, TimedOffset found) {
        this.from = from;
        this.fromOffset = fromOffset;
        this.wantsLatest = wantsLatest;
        this.found = found;
    }

    /// Times before this one are of no interest.
    long from() {
        return from;
    }

    TimedOffset found() {
        return found;
    }

    /// Looks at the records of an uncompressed batch.
    ///
    /// @return whether the search is over
    boolean visit(byte[] bytes, int start) {
        long baseOffset = BatchFormat.baseOffset(bytes, start);
        long baseTimestamp = BatchFormat.baseTimestamp(bytes, start);
        RecordView view = new RecordView(bytes);
        int at = start + BatchFormat.HEADER_BYTES;
        for (int i = BatchFormat.recordCount(bytes, start); i > 0; i--) {
            at = view.moveTo(at, baseOffset, baseTimestamp);
            if (view.timestampMillis() >= from && view.offset() >= fromOffset) {
                found = new TimedOffset(view.offset(), view.timestampMillis());
                if (!wantsLatest) {
                    return true;
                }
                from = view.timestampMillis() + 1;
            }
        }
        return false;
    }
}

package io.millrace.stream;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.log.EventRecords;
import io.millrace.log.LogRecord;
import io.millrace.log.LogSlice;
import io.millrace.log.LogState;
import io.millrace.shard.Damage;
import io.millrace.shard.Partition;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Reads one partition forward, a slice at a time. Owned by one thread.
final class HistoryCursor {
    private final Partition partition;
    private final @Nullable ContextPattern pattern;
    private final ArrayDeque<StoredEvent> ahead = new ArrayDeque<>();
    private long scanned;

    HistoryCursor(Partition partition, long offset, @Nullable ContextPattern pattern) {
        this.partition = partition;
        this.pattern = pattern;
        this.scanned = offset;
    }

    Partition partition() {
        return partition;
    }

    @Nullable StoredEvent peek() {
        return ahead.peek();
    }

    StoredEvent take() {
        return ahead.remove();
    }

    /// The offset behind what was taken.
    long next() {
        StoredEvent head = ahead.peek();
        return head == null ? scanned : head.offset();
    }

    /// Whether nothing is left to take or to read.
    boolean atEnd() {
        return ahead.isEmpty() && scanned >= partition.log().readableOffset();
    }

    /// Reads on, decoding at most `eventsMax` of what the pattern covers.
    ///
    /// @throws MillraceException PARTITION_CORRUPT or DISK_READ_FAILED, saying where reading can go
    ///   on
    void fill(int eventsMax, int bytesMax) {
        LogSlice slice;
        try {
            slice = partition.log().read(scanned, bytesMax);
        } catch (MillraceException e) {
            if (partition.log().state() instanceof LogState.Closed) {
                throw new MillraceException(
                        ErrorCode.SHUTTING_DOWN,
                        "%s was closed while it was read".formatted(partition),
                        e);
            }
            boolean isUnreadable =
                    e.code() == ErrorCode.PARTITION_CORRUPT
                            || e.code() == ErrorCode.DISK_READ_FAILED;
            throw isUnreadable ? withWayOn(e) : e;
        }
        long behindSlice = slice.nextOffset();
        scanned = Math.max(scanned, behindSlice);
        slice.forEach(record -> accept(record, eventsMax));
    }

    private MillraceException withWayOn(MillraceException e) {
        long intact = partition.log().nextIntactOffset(scanned);
        partition.damaged(new Damage(scanned, intact, e.problems().getFirst().detail()));
        return new MillraceException(
                e.code(),
                "%s Reading %s can go on at offset %d."
                        .formatted(e.getMessage(), partition, intact));
    }

    private void accept(LogRecord record, int eventsMax) {
        if (ahead.size() >= eventsMax) {
            // Not decoded now: the next fill begins here.
            scanned = Math.min(scanned, record.offset());
            return;
        }
        if (pattern != null && !pattern.matches(EventRecords.context(record, partition.origin()))) {
            return;
        }
        EventRecords.Recorded recorded = EventRecords.decode(record, partition.origin());
        ahead.add(
                new StoredEvent(
                        partition.stream(),
                        partition.number(),
                        record.offset(),
                        record.timestampMillis(),
                        recorded.context(),
                        recorded.event(),
                        recorded.marks()));
    }
}

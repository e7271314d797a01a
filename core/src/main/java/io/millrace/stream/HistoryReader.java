package io.millrace.stream;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.log.Log;
import io.millrace.shard.Partition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads partitions from the log, merged by the time at which their events were recorded. Owned by
/// one thread.
///
/// Within a partition the order is that of the offsets; between partitions it is that of the clock,
/// as far as it can be told.
public final class HistoryReader {
    private static final int SLICE_BYTES = 256 << 10;
    private static final int FILLS_MAX = 64;
    private static final int AHEAD_MAX = 1000;

    private final List<HistoryCursor> cursors = new ArrayList<>();
    private int fillsLeft;

    /// Adds a partition, to be read from an offset on.
    ///
    /// @param pattern which contexts count, or `null` for all
    public void add(Partition partition, long offset, @Nullable ContextPattern pattern) {
        cursors.add(new HistoryCursor(partition, offset, pattern));
    }

    /// Whether a partition is read here.
    public boolean has(Partition partition) {
        return cursors.stream().anyMatch(cursor -> cursor.partition() == partition);
    }

    /// Leaves off reading the partitions of an earlier stream of that name, which was deleted.
    public void forgetEarlier(Partition partition) {
        cursors.removeIf(cursor ->
                cursor.partition().stream().equals(partition.stream())
                        && !cursor.partition().streamId().equals(partition.streamId()));
    }

    /// The offset at which a start lies in one partition.
    ///
    /// @throws MillraceException OFFSET_OUT_OF_RANGE
    public static long offsetOf(Start start, Partition partition) {
        Log log = partition.log();
        return switch (start) {
            case Start.First _ -> log.startOffset();
            case Start.Last _ -> Math.max(log.startOffset(), log.readableOffset() - 1);
            case Start.Next _ -> log.readableOffset();
            case Start.At(long offset) -> inRange(partition, offset);
            case Start.Since(var moment) -> log.offsetAt(moment.toEpochMilli());
            case Start.Resume(Position position) -> {
                long next = position.next(partition);
                // A partition that the position does not know came later: all of it is new.
                yield next == Position.UNKNOWN ? log.startOffset() : inRange(partition, next);
            }
        };
    }

    private static long inRange(Partition partition, long offset) {
        Log log = partition.log();
        long start = log.startOffset();
        long end = log.readableOffset();
        if (offset < start || offset > end) {
            throw new MillraceException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "from",
                    "%s holds the offsets %d to %d, and %d is not among them"
                            .formatted(partition, start, end, offset));
        }
        return offset;
    }

    /// The next events, at most `eventsMax`; none if there are no more, or if none was found in a
    /// bounded piece of the log.
    ///
    /// @throws MillraceException PARTITION_CORRUPT if damage comes next
    public List<StoredEvent> next(int eventsMax) {
        List<StoredEvent> events = new ArrayList<>();
        fillsLeft = FILLS_MAX;
        while (events.size() < eventsMax) {
            HistoryCursor oldest;
            try {
                oldest = oldest(Math.min(AHEAD_MAX, eventsMax));
            } catch (MillraceException e) {
                if (events.isEmpty()) {
                    throw e;
                }
                break;
            }
            if (oldest == null) {
                break;
            }
            events.add(oldest.take());
        }
        return events;
    }

    /// The cursor with the event that was recorded first, or `null` if that cannot be told within
    /// the bounds of one call.
    private @Nullable HistoryCursor oldest(int ahead) {
        HistoryCursor oldest = null;
        long oldestMillis = Long.MAX_VALUE;
        for (HistoryCursor cursor : cursors) {
            while (cursor.peek() == null && !cursor.atEnd()) {
                if (fillsLeft-- <= 0) {
                    return null;
                }
                cursor.fill(ahead, SLICE_BYTES);
            }
            StoredEvent head = cursor.peek();
            if (head != null && head.recordedMillis() < oldestMillis) {
                oldest = cursor;
                oldestMillis = head.recordedMillis();
            }
        }
        return oldest;
    }

    /// Whether everything readable was given out.
    public boolean atEnd() {
        return cursors.stream().allMatch(HistoryCursor::atEnd);
    }

    /// The next offset of a partition, or -1 if it is not read here.
    public long next(Partition partition) {
        for (HistoryCursor cursor : cursors) {
            if (cursor.partition() == partition) {
                return cursor.next();
            }
        }
        return -1;
    }

    /// Where to go on behind the events that were given out.
    public Position position() {
        Map<String, long[]> offsets = new TreeMap<>();
        for (HistoryCursor cursor : cursors) {
            int number = cursor.partition().number();
            offsets.compute(
                    cursor.partition().streamId(),
                    (_, known) -> with(known, number, cursor.next()));
        }
        return Position.of(offsets);
    }

    private static long[] with(long @Nullable [] known, int number, long next) {
        int length = known == null ? 0 : known.length;
        long[] offsets =
                known == null
                        ? new long[number + 1]
                        : Arrays.copyOf(known, Math.max(length, number + 1));
        Arrays.fill(offsets, length, offsets.length, Position.UNKNOWN);
        offsets[number] = next;
        return offsets;
    }
}

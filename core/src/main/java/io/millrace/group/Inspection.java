package io.millrace.group;

import io.millrace.cursor.Cursor;
import io.millrace.cursor.Held;
import io.millrace.error.MillraceException;
import io.millrace.shard.Partition;
import io.millrace.stream.HistoryReader;
import io.millrace.stream.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What there is to tell of a cursor and its events. The shard's thread.
final class Inspection {
    private Inspection() {}

    /// What became of the events, of cursors on one shard together.
    static Ledger ledger(List<GroupCursor> neighbours) {
        Ledger sum = Ledger.EMPTY;
        for (GroupCursor cursor : neighbours) {
            sum = sum.plus(ledger(cursor));
        }
        return sum;
    }

    /// What is in a group's own partition is its business, looked at or not. Of others, it is known
    /// only once it was looked at; until then it is unread, because what turns out to be in
    /// contexts that the group has nothing to do with must not have been counted before.
    private static Ledger ledger(GroupCursor owner) {
        owner.countFiltered();
        Cursor cursor = owner.cursor();
        var counts = cursor.counts();
        long coming = owner.coming();
        long ready = owner.isOwn() ? coming : 0;
        long pending = counts.outstanding() + ready;
        return new Ledger(
                counts.accepted() + ready,
                counts.settled(),
                counts.filtered(),
                counts.expired(),
                counts.buried(),
                pending,
                cursor.leased(),
                cursor.waiting(),
                cursor.deferred(),
                coming - ready,
                pending + coming == 0 ? 0 : oldestMillis(owner));
    }

    /// A power cut may take events that were not flushed, and not the cursor's flushed records of
    /// them; it must not take the next events for those.
    ///
    /// @return whether the cursor was ahead of its log
    static boolean cutBack(Cursor cursor, Partition partition) {
        boolean isAhead = cursor.knownEnd() > partition.dispatchedOffset();
        if (isAhead) {
            cursor.cutBack(partition.dispatchedOffset());
        }
        return isAhead;
    }

    /// One event from the log; `null` if it is gone. Any thread that may wait.
    static @Nullable StoredEvent event(Partition partition, long offset) {
        HistoryReader reader = new HistoryReader();
        reader.add(partition, offset, null);
        List<StoredEvent> events = reader.next(1);
        return events.isEmpty() || events.getFirst().offset() != offset ? null : events.getFirst();
    }

    private static long oldestMillis(GroupCursor owner) {
        Candidate oldest = owner.ahead().oldest();
        StoredEvent event = oldest == null ? null : oldest.event();
        long floor = owner.cursor().floor();
        while (owner.cursor().isCancelled(floor)) {
            floor++;
        }
        if (event != null && event.offset() <= floor) {
            return event.recordedMillis();
        }
        return recordedMillis(owner.partition(), floor);
    }

    /// When the event at an offset was recorded; 0 if that is not known.
    private static long recordedMillis(Partition partition, long offset) {
        long[] millis = new long[1];
        try {
            if (offset < partition.log().readableOffset()) {
                partition
                        .log()
                        .read(Math.max(offset, partition.log().startOffset()), 1)
                        .forEach(record -> {
                            if (millis[0] == 0) {
                                millis[0] = record.timestampMillis();
                            }
                        });
            }
        } catch (MillraceException _) {
            return 0;
        }
        return millis[0];
    }

    /// What is pending from an offset on, at most so many.
    static List<Group.Pending> pending(GroupCursor cursor, long from, int max) {
        List<Group.Pending> found = new ArrayList<>();
        Cursor state = cursor.cursor();
        for (long offset : state.offsets()) {
            if (offset >= from && found.size() < max) {
                found.add(new Group.Pending(offset, state.held(offset)));
            }
        }
        long end = cursor.partition().dispatchedOffset();
        for (long offset = Math.max(from, state.frontier());
                offset < end && found.size() < max;
                offset++) {
            if (!state.isCancelled(offset)) {
                found.add(new Group.Pending(offset, null));
            }
        }
        return found;
    }

    /// What has become of the event at an offset, as a sentence.
    static String state(Cursor cursor, long offset) {
        Held held = cursor.held(offset);
        if (held != null) {
            String failed =
                    held.failures() == 0 ? "" : ", failed %d times".formatted(held.failures());
            return switch (held.state()) {
                case LEASED -> "leased to a consumer, delivery " + held.deliveries() + failed;
                case WAITING -> "waits to be given out again" + failed;
                case HELD -> "waits behind an earlier one of its key";
                case DEFERRED -> "set aside by a consumer";
                case SCHEDULED -> "waits for its time";
            };
        }
        return offset >= cursor.frontier()
                ? "not given out yet"
                : "done: settled, filtered out, expired or with the dead letters";
    }
}

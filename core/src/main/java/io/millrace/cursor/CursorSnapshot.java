package io.millrace.cursor;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/// All that a cursor knows. Immutable.
///
/// @param entries what is outstanding, in the order of the offsets, but where offsets of one key
///   have another order, the key's stand together in that
public record CursorSnapshot(
        long frontier, long nextNumber, CursorCounts counts, List<Entry> entries) {
    public CursorSnapshot {
        entries = List.copyOf(entries);
    }

    /// One outstanding offset.
    ///
    /// @param state as [Outstanding] has it
    /// @param number of its last delivery
    /// @param time when its lease ends, or when it is due
    /// @param first when it was given out for the first time; 0 if it was not
    public record Entry(
            long offset,
            byte state,
            int failures,
            int deliveries,
            long number,
            long time,
            long key,
            long first) {}

    static CursorSnapshot of(
            Cursor cursor,
            CursorCounts counts,
            Outstanding outstanding,
            SortedSet<Long> cancelled) {
        List<Entry> entries = new ArrayList<>(outstanding.size());
        for (long offset : cursor.chains().inOrder(outstanding)) {
            int slot = outstanding.find(offset);
            entries.add(
                    new Entry(
                            offset,
                            outstanding.state(slot),
                            outstanding.failures(slot),
                            outstanding.deliveries(slot),
                            outstanding.number(slot),
                            outstanding.time(slot),
                            outstanding.key(slot),
                            outstanding.first(slot)));
        }
        for (long offset : cancelled) {
            entries.add(new Entry(offset, Outstanding.CANCELLED, 0, 0, -1, 0, 0, 0));
        }
        return new CursorSnapshot(cursor.frontier(), cursor.nextNumber(), counts, entries);
    }

    /// The same with other entries.
    CursorSnapshot with(List<Entry> others) {
        return new CursorSnapshot(frontier, nextNumber, counts, others);
    }
}

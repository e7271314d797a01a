package io.millrace.cursor;

import java.util.ArrayList;
import java.util.List;

/// What a journal of cursors holds.
public sealed interface JournalEntry {
    /// How many outstanding offsets one piece of a snapshot holds at most.
    int PIECE_MAX = 20_000;

    /// A change of a cursor.
    record Change(CursorId id, CursorRecord record) implements JournalEntry {}

    /// All of a cursor, or its first piece; what came before does not count any more.
    record Whole(CursorId id, CursorSnapshot snapshot) implements JournalEntry {}

    /// More outstanding offsets of the snapshot that came before.
    record More(CursorId id, CursorSnapshot snapshot) implements JournalEntry {}

    /// There is no such cursor any more.
    record Dropped(CursorId id) implements JournalEntry {}

    /// What a group wants to remember besides; empty for nothing.
    record Note(int group, String text) implements JournalEntry {}

    /// A snapshot in pieces of bounded size.
    static List<JournalEntry> pieces(CursorId id, CursorSnapshot snapshot) {
        List<JournalEntry> pieces = new ArrayList<>();
        List<CursorSnapshot.Entry> all = snapshot.entries();
        int from = 0;
        do {
            int to = Math.min(all.size(), from + PIECE_MAX);
            CursorSnapshot piece = snapshot.with(all.subList(from, to));
            pieces.add(from == 0 ? new Whole(id, piece) : new More(id, piece));
            from = to;
        } while (from < all.size());
        return pieces;
    }
}

package io.millrace.cursor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The cursors and notes that a journal tells of. Not thread-safe.
public final class RecoveredCursors {
    private final Map<CursorId, Cursor> cursors = new HashMap<>();
    private final Map<Integer, String> notes = new HashMap<>();

    /// Groups and streams of all cursors, once somebody has asked; before any is taken out.
    private @Nullable Set<Long> pairs;

    /// Applies an entry.
    ///
    /// @throws IllegalArgumentException if it does not fit to what came before
    void apply(JournalEntry entry) {
        switch (entry) {
            case JournalEntry.Change(CursorId id, CursorRecord record) -> known(id).apply(record);
            case JournalEntry.Whole(CursorId id, CursorSnapshot snapshot) ->
                    cursors.put(
                            id, Cursor.restored(id.partition(), CursorConfig.DEFAULT, snapshot));
            case JournalEntry.More(CursorId id, CursorSnapshot snapshot) ->
                    known(id).restoreMore(snapshot);
            case JournalEntry.Dropped(CursorId id) -> cursors.remove(id);
            case JournalEntry.Note(int group, String text) -> {
                if (text.isEmpty()) {
                    notes.remove(group);
                } else {
                    notes.put(group, text);
                }
            }
        }
    }

    private Cursor known(CursorId id) {
        Cursor cursor = cursors.get(id);
        if (cursor == null) {
            throw new IllegalArgumentException("there is no cursor " + id);
        }
        return cursor;
    }

    /// Whether there was a cursor of a group over some partition of a stream, taken out meanwhile
    /// or not.
    public boolean knows(int group, int stream) {
        Set<Long> all = pairs;
        if (all == null) {
            all = new HashSet<>();
            for (CursorId id : cursors.keySet()) {
                all.add(pair(id.group(), id.stream()));
            }
            pairs = all;
        }
        return all.contains(pair(group, stream));
    }

    private static long pair(int group, int stream) {
        return (long) group << 32 | stream;
    }

    /// Takes a cursor out.
    ///
    /// @return `null` if there is none
    public @Nullable Cursor take(CursorId id) {
        return cursors.remove(id);
    }

    /// Nobody is going to ask for those that are left.
    public void forget() {
        cursors.clear();
    }

    /// Those that nobody has taken.
    public Map<CursorId, Cursor> cursors() {
        return cursors;
    }

    /// Notes by group.
    public Map<Integer, String> notes() {
        return notes;
    }

    void addAll(RecoveredCursors other) {
        cursors.putAll(other.cursors);
        notes.putAll(other.notes);
    }
}

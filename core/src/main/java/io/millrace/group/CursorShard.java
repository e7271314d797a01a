package io.millrace.group;

import io.millrace.cursor.CursorId;
import io.millrace.cursor.CursorJournal;
import io.millrace.cursor.CursorRecord;
import io.millrace.cursor.JournalEntry;
import io.millrace.cursor.JournalFiles;
import io.millrace.cursor.RecoveredCursors;
import io.millrace.io.Clock;
import io.millrace.shard.Flusher;
import io.millrace.shard.Shard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/// All cursors of one shard: their journal, who has news for its group, and when each has something
/// to do by the clock.
///
/// [#shard] and [#tick] are for every thread, the rest belongs to the shard's.
public final class CursorShard implements CursorJournal.Owner {
    private static final int ROUNDS_MAX = 1_000;

    private final Shard shard;
    private final Clock clock;
    private final Pump pump;
    private final CursorJournal journal;
    private final Map<CursorId, GroupCursor> cursors = new HashMap<>();
    private final Map<Integer, String> notes = new HashMap<>();
    private Set<GroupCursor> touched = new LinkedHashSet<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private volatile long nextAlarm = Long.MAX_VALUE;
    private boolean isComplete;

    private record Alarm(long atMillis, GroupCursor cursor) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            return Long.compare(atMillis, other.atMillis);
        }
    }

    /// @param number of the shard
    CursorShard(
            int number, Shard shard, JournalFiles files, Flusher flusher, Clock clock, Pump pump) {
        this.shard = shard;
        this.clock = clock;
        this.pump = pump;
        this.journal = new CursorJournal(number, files, shard, flusher, clock, this);
    }

    public Shard shard() {
        return shard;
    }

    Pump pump() {
        return pump;
    }

    long nowMillis() {
        return clock.epochMillis();
    }

    /// For spans of time, whatever becomes of the clock.
    long nanoTime() {
        return clock.nanoTime();
    }

    /// Writes a change that was applied. What a cursor does after it was dropped is not written: no
    /// journal may tell of one that is not there.
    void write(GroupCursor cursor, CursorRecord record) {
        if (cursors.get(cursor.id()) == cursor) {
            journal.write(new JournalEntry.Change(cursor.id(), record));
        }
    }

    CursorJournal journal() {
        return journal;
    }

    void add(GroupCursor cursor) {
        cursors.put(cursor.id(), cursor);
    }

    /// A cursor that has come into being: it is written as a whole.
    void begin(GroupCursor cursor) {
        add(cursor);
        JournalEntry.pieces(cursor.id(), cursor.snapshot()).forEach(journal::write);
    }

    /// A cursor that is not needed any more.
    void drop(GroupCursor cursor) {
        if (cursors.remove(cursor.id(), cursor)) {
            journal.write(new JournalEntry.Dropped(cursor.id()));
        }
    }

    /// What a group wants to remember.
    void note(int group, String text) {
        if (text.isEmpty()) {
            notes.remove(group);
        } else {
            notes.put(group, text);
        }
        journal.write(new JournalEntry.Note(group, text));
    }

    /// All cursors that were recovered are here now, or not needed any more.
    void complete() {
        isComplete = true;
    }

    void recoveredNotes(Map<Integer, String> recovered) {
        notes.putAll(recovered);
    }

    /// Has its group told at the end of the round that there is something to take.
    void touch(GroupCursor cursor) {
        touched.add(cursor);
    }

    /// Wakes a cursor at that time, or before.
    void wakeAt(GroupCursor cursor, long atMillis) {
        alarms.add(new Alarm(atMillis, cursor));
        nextAlarm = Math.min(nextAlarm, atMillis);
    }

    /// Any thread, again and again: has done what is due by the clock.
    void tick() {
        if (clock.epochMillis() >= nextAlarm) {
            shard.run(this::ring);
        }
    }

    private void ring() {
        long now = clock.epochMillis();
        while (!alarms.isEmpty() && alarms.element().atMillis <= now) {
            Alarm alarm = alarms.remove();
            alarm.cursor.ring(alarm.atMillis, now);
        }
        nextAlarm = alarms.isEmpty() ? Long.MAX_VALUE : alarms.element().atMillis;
    }

    /// The shard has written whatever waited.
    void endRound() {
        for (int i = 0; i < ROUNDS_MAX && !touched.isEmpty(); i++) {
            Set<GroupCursor> now = touched;
            touched = new LinkedHashSet<>();
            now.forEach(GroupCursor::tellGroup);
        }
        journal.endRound();
    }

    /// Writes down how far each has come without anything to deliver, so that a restart does not
    /// look at all of it again.
    void rest() {
        cursors.values().forEach(GroupCursor::rest);
    }

    void close() {
        rest();
        journal.close();
    }

    @Override
    public boolean isComplete() {
        return isComplete;
    }

    @Override
    public List<JournalEntry> snapshot() {
        List<JournalEntry> all = new ArrayList<>();
        cursors.values()
                .forEach(cursor -> all.addAll(JournalEntry.pieces(cursor.id(), cursor.snapshot())));
        notes.forEach((group, text) -> all.add(new JournalEntry.Note(group, text)));
        return all;
    }

    @Override
    public void reset(RecoveredCursors recovered) {
        notes.clear();
        notes.putAll(recovered.notes());
        List.copyOf(cursors.values()).forEach(cursor -> cursor.reset(recovered));
    }
}

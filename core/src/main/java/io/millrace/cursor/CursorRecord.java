package io.millrace.cursor;

import java.util.List;

/// A change of a cursor, as it is recorded. Applying the same records in the same order gives the
/// same cursor.
///
/// Offsets are given out in order and settled in any. What lies below the frontier and is not
/// outstanding is settled, so no record of a settled offset is kept.
public sealed interface CursorRecord {
    /// An offset and the hash of its key; 0 where there is no order to keep.
    record Keyed(long offset, long key) {}

    /// An offset that is not to be given out before its time.
    record Timed(long offset, long key, long dueMillis) {}

    /// Offsets were given out under one lease number.
    ///
    /// @param number rises with each delivery
    /// @param atMillis when that was
    /// @param deadlineMillis when the lease ends
    /// @param frontier all below were looked at
    /// @param filtered of those, how many were not wanted
    /// @param fresh given out for the first time
    /// @param held taken, but an earlier offset of the same key comes first
    /// @param scheduled taken, but not due; without a place in the order of their keys until
    ///   [Ripened]
    /// @param again given out once more
    record Delivered(
            long number,
            long atMillis,
            long deadlineMillis,
            long frontier,
            long filtered,
            List<Keyed> fresh,
            List<Keyed> held,
            List<Timed> scheduled,
            List<Long> again)
            implements CursorRecord {
        public Delivered {
            fresh = List.copyOf(fresh);
            held = List.copyOf(held);
            scheduled = List.copyOf(scheduled);
            again = List.copyOf(again);
        }
    }

    /// What was leased is done.
    record Settled(List<Long> offsets) implements CursorRecord {
        public Settled {
            offsets = List.copyOf(offsets);
        }
    }

    /// A lease was given back, or it ended.
    ///
    /// @param dueMillis when the offset may be given out again
    /// @param failed whether that counts as a failure
    record Returned(long offset, long dueMillis, boolean failed) implements CursorRecord {}

    /// Set aside until somebody asks for it by its offset. It loses its place in the order of its
    /// key, whose next offset has its turn.
    record Deferred(long offset) implements CursorRecord {}

    /// Went to the dead letters, whose store has it by now.
    record Buried(long offset) implements CursorRecord {}

    /// The event's own time was over before it could be delivered.
    record Expired(long offset) implements CursorRecord {}

    /// A lease goes on.
    record Renewed(long offset, long deadlineMillis) implements CursorRecord {}

    /// What was scheduled is due: each has its place in the order of its key now, behind those that
    /// are there.
    record Ripened(List<Long> offsets) implements CursorRecord {
        public Ripened {
            offsets = List.copyOf(offsets);
        }
    }

    /// All below was looked at, and nothing of it is wanted.
    ///
    /// @param filtered how many that were
    record Passed(long frontier, long filtered) implements CursorRecord {}

    /// What lies between the frontier and this offset is gone before anybody looked at it.
    ///
    /// @param lost how many that were
    record Skipped(long frontier, long lost) implements CursorRecord {}

    /// All that is not leased is thrown away, and reading goes on at this offset.
    ///
    /// @param unseen how many were between the frontier and there
    record Purged(long frontier, long unseen) implements CursorRecord {}

    /// An offset at or behind the frontier is settled, and passed over when it comes up.
    record Cancelled(long offset) implements CursorRecord {}

    /// Reading goes on somewhere else; nothing is outstanding any more, and the counts begin anew.
    record Moved(long frontier) implements CursorRecord {}
}

package io.millrace.cursor;

import io.millrace.cursor.CursorRecord.Keyed;
import io.millrace.cursor.CursorRecord.Timed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Decides what a consumer is given: first what was returned and is due, then what is new.
///
/// Changes nothing: the record has to be written and applied, and then the leases hold.
public final class Dispenser {
    private final Cursor cursor;

    public Dispenser(Cursor cursor) {
        this.cursor = cursor;
    }

    /// What was decided.
    ///
    /// @param record to be written and applied; `null` if there is nothing to record
    /// @param leases what the consumer gets when that is done
    public record Decision(CursorRecord.@Nullable Delivered record, List<Lease> leases) {
        public Decision {
            leases = List.copyOf(leases);
        }
    }

    /// @param max how many offsets at most
    /// @param nowMillis the time
    /// @param leaseMillis how long they are leased from now
    /// @param candidates what is new; asked from the frontier on
    /// @param isAtHand which of those that were returned can be given out now
    public Decision receive(
            int max,
            long nowMillis,
            long leaseMillis,
            Candidates candidates,
            LongPredicate isAtHand) {
        List<Long> again = new ArrayList<>();
        if (max > 0) {
            cursor.visitWaiting((due, offset) -> {
                if (due <= nowMillis && isAtHand.test(offset)) {
                    again.add(offset);
                }
                return due <= nowMillis && again.size() < max;
            });
        }
        List<Keyed> fresh = new ArrayList<>();
        List<Keyed> held = new ArrayList<>();
        List<Timed> scheduled = new ArrayList<>();
        Taking taking = new Taking(max - again.size(), nowMillis, fresh, held, scheduled);
        long frontier = take(taking, candidates);
        long filtered = candidates.filtered();
        if (again.isEmpty() && frontier == cursor.frontier()) {
            return new Decision(null, List.of());
        }
        CursorRecord.Delivered record =
                new CursorRecord.Delivered(
                        cursor.nextNumber(),
                        nowMillis,
                        nowMillis + leaseMillis,
                        frontier,
                        filtered,
                        fresh,
                        held,
                        scheduled,
                        again);
        return new Decision(record, leases(record));
    }

    /// Whether there is room for anything new.
    public boolean hasRoom() {
        return room() > 0 && timedRoom() > 0;
    }

    private int room() {
        Outstanding outstanding = cursor.outstanding();
        return cursor.config().outstandingMax() - (outstanding.size() - outstanding.scheduled());
    }

    private int timedRoom() {
        return cursor.config().scheduledMax() - cursor.outstanding().scheduled();
    }

    /// How much may be taken, and where it goes.
    private record Taking(
            int max, long nowMillis, List<Keyed> fresh, List<Keyed> held, List<Timed> scheduled) {}

    /// @return the new frontier
    private long take(Taking taking, Candidates candidates) {
        int room = room();
        int timedRoom = timedRoom();
        Set<Long> takenKeys = new HashSet<>();
        long frontier = cursor.frontier();
        while (taking.fresh.size() < taking.max
                && taking.fresh.size() + taking.held.size() < room
                && taking.scheduled.size() < timedRoom) {
            long offset = candidates.next(frontier);
            if (offset < 0) {
                return Math.max(frontier, candidates.scannedTo());
            }
            if (cursor.isCancelled(offset)) {
                frontier = offset + 1;
                continue;
            }
            long key = cursor.config().ordered() ? candidates.key() : 0;
            if (candidates.dueMillis() > taking.nowMillis) {
                taking.scheduled.add(new Timed(offset, key, candidates.dueMillis()));
            } else {
                boolean isFree = key == 0 || (cursor.chains().isFree(key) && takenKeys.add(key));
                (isFree ? taking.fresh : taking.held).add(new Keyed(offset, key));
            }
            frontier = offset + 1;
        }
        return frontier;
    }

    /// What is scheduled and due now has to be recorded before it can be given out.
    ///
    /// @param max at most so many
    /// @return `null` if there is nothing
    public CursorRecord.@Nullable Ripened ripen(long nowMillis, int max) {
        List<Long> due = new ArrayList<>();
        cursor.visitScheduled(collector(due, nowMillis, max));
        return due.isEmpty() ? null : new CursorRecord.Ripened(due);
    }

    /// Offsets that are due to be given out again, those first that are due first.
    ///
    /// @param max at most so many
    public List<Long> due(long nowMillis, int max) {
        List<Long> due = new ArrayList<>();
        cursor.visitWaiting(collector(due, nowMillis, max));
        return due;
    }

    private static LongHeap.Visitor collector(List<Long> due, long nowMillis, int max) {
        return (time, offset) -> {
            if (time <= nowMillis) {
                due.add(offset);
            }
            return time <= nowMillis && due.size() < max;
        };
    }

    private List<Lease> leases(CursorRecord.Delivered record) {
        List<Lease> leases = new ArrayList<>(record.again().size() + record.fresh().size());
        for (long offset : record.again()) {
            int slot = cursor.outstanding().find(offset);
            leases.add(
                    new Lease(
                            token(offset, record),
                            record.deadlineMillis(),
                            cursor.outstanding().deliveries(slot) + 1,
                            cursor.outstanding().failures(slot),
                            first(slot, record)));
        }
        for (Keyed keyed : record.fresh()) {
            leases.add(
                    new Lease(
                            token(keyed.offset(), record),
                            record.deadlineMillis(),
                            1,
                            0,
                            record.atMillis()));
        }
        return leases;
    }

    private long first(int slot, CursorRecord.Delivered record) {
        long first = cursor.outstanding().first(slot);
        return first == 0 ? record.atMillis() : first;
    }

    private LeaseToken token(long offset, CursorRecord.Delivered record) {
        return new LeaseToken(cursor.partition(), offset, record.number());
    }

    /// Gives one deferred offset to whoever asks for it by its number.
    public Decision fetchDeferred(long offset, long nowMillis, long leaseMillis) {
        int slot = cursor.outstanding().find(offset);
        if (slot < 0 || cursor.outstanding().state(slot) != Outstanding.DEFERRED) {
            return new Decision(null, List.of());
        }
        CursorRecord.Delivered record =
                new CursorRecord.Delivered(
                        cursor.nextNumber(),
                        nowMillis,
                        nowMillis + leaseMillis,
                        cursor.frontier(),
                        0,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(offset));
        return new Decision(record, leases(record));
    }
}

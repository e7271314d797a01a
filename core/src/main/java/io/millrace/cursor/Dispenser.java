package io.millrace.cursor;

import io.millrace.cursor.CursorRecord.Keyed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    public Decision receive(int max, long nowMillis, long leaseMillis, Candidates candidates) {
        List<Long> again = new ArrayList<>();
        if (max > 0) {
            cursor.visitWaiting((due, offset) -> {
                if (due <= nowMillis) {
                    again.add(offset);
                }
                return due <= nowMillis && again.size() < max;
            });
        }
        List<Keyed> fresh = new ArrayList<>();
        List<Keyed> held = new ArrayList<>();
        long frontier = take(max - again.size(), candidates, fresh, held);
        long filtered = candidates.filtered();
        if (again.isEmpty() && fresh.isEmpty() && held.isEmpty() && frontier == cursor.frontier()) {
            return new Decision(null, List.of());
        }
        long deadline = nowMillis + leaseMillis;
        CursorRecord.Delivered record =
                new CursorRecord.Delivered(
                        cursor.nextNumber(), deadline, frontier, filtered, fresh, held, again);
        return new Decision(record, leases(record));
    }

    /// @return the new frontier
    private long take(int max, Candidates candidates, List<Keyed> fresh, List<Keyed> held) {
        int room = cursor.config().outstandingMax() - cursor.outstanding().size();
        Set<Long> takenKeys = new HashSet<>();
        long frontier = cursor.frontier();
        while (fresh.size() < max && fresh.size() + held.size() < room) {
            long offset = candidates.next(frontier);
            if (offset < 0) {
                return Math.max(frontier, candidates.scannedTo());
            }
            long key = cursor.config().ordered() ? candidates.key() : 0;
            boolean isFree = key == 0 || (!cursor.chains().has(key) && takenKeys.add(key));
            (isFree ? fresh : held).add(new Keyed(offset, key));
            frontier = offset + 1;
        }
        return frontier;
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
                            cursor.outstanding().failures(slot)));
        }
        for (Keyed keyed : record.fresh()) {
            leases.add(new Lease(token(keyed.offset(), record), record.deadlineMillis(), 1, 0));
        }
        return leases;
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
                        nowMillis + leaseMillis,
                        cursor.frontier(),
                        0,
                        List.of(),
                        List.of(),
                        List.of(offset));
        return new Decision(record, leases(record));
    }
}

package io.millrace.group;

import io.millrace.stream.StoredEvent;
import org.jspecify.annotations.Nullable;

/// A wanted event that was not given out yet.
///
/// @param lastOfBatch the last offset of those that were written together with it, as far as that
///   is known
/// @param dataBytes how much data it has
/// @param event `null` where nobody wants more than its offset
/// @param filteredBefore how many between the one before and this were not wanted
record Candidate(
        long offset,
        long lastOfBatch,
        int dataBytes,
        @Nullable StoredEvent event,
        Treatment treatment,
        long filteredBefore) {

    /// How a group treats an event.
    ///
    /// @param key hash of the key within which there is an order; 0 for none
    /// @param dueMillis when it may be given out at the earliest; 0 for at once
    /// @param expiryMillis when it is of no use any more; [Long#MAX_VALUE] for never
    record Treatment(long key, long dueMillis, long expiryMillis) {
        private static final Treatment USUAL = new Treatment(0, 0, Long.MAX_VALUE);
    }

    static Candidate of(
            EventRules rules, StoredEvent event, long lastOfBatch, long filteredBefore) {
        Treatment treatment =
                new Treatment(rules.key(event), rules.dueMillis(event), rules.expiryMillis(event));
        return new Candidate(
                event.offset(), lastOfBatch, dataBytes(event), event, treatment, filteredBefore);
    }

    /// An offset whose event is treated as most are.
    static Candidate usual(long offset, long lastOfBatch, int dataBytes, long filteredBefore) {
        return new Candidate(offset, lastOfBatch, dataBytes, null, Treatment.USUAL, filteredBefore);
    }

    static int dataBytes(StoredEvent event) {
        var data = event.event().data();
        return data == null ? 0 : data.length();
    }

    Candidate behind(long more) {
        return more == 0
                ? this
                : new Candidate(
                        offset, lastOfBatch, dataBytes, event, treatment, filteredBefore + more);
    }
}

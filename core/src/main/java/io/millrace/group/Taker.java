package io.millrace.group;

import io.millrace.cursor.Lease;
import io.millrace.stream.StoredEvent;
import org.jspecify.annotations.Nullable;

/// Hears of each event that is taken from a cursor, on the shard's thread.
interface Taker {
    /// @param event `null` if only offsets are taken and it is not known
    /// @param dataBytes how much data the event has
    void taken(Lease lease, @Nullable StoredEvent event, int dataBytes);
}

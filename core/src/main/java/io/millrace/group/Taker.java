package io.millrace.group;

import io.millrace.cursor.Lease;
import io.millrace.stream.StoredEvent;

/// Hears of each event that is taken from a cursor, on the shard's thread.
interface Taker {
    void taken(Lease lease, StoredEvent event);
}

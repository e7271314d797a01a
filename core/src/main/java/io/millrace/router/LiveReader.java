package io.millrace.router;

import io.millrace.shard.Partition;
import io.millrace.stream.StoredEvent;

/// Takes live events from a shard, on its thread. It never waits.
interface LiveReader {
    /// An event that one of its patterns covers; once for each pattern that does.
    void offer(Partition partition, StoredEvent event);

    /// Events from an offset on, up to the partition's dispatched offset, cannot be handed over.
    void lose(Partition partition, long fromOffset);
}

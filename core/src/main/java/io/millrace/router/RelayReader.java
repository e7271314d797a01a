package io.millrace.router;

import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;

/// What a [Relay] hands to whoever drains it, on that one's thread, in order within each partition.
public interface RelayReader {
    /// An event that a followed pattern covers; once, however many do.
    void live(PartitionName partition, StoredEvent event);

    /// Events from an offset on were left out: who wants them reads the log. What follows next of
    /// this partition, an event or how far it was dispatched, tells where that ends.
    void gap(PartitionName partition, long fromOffset);

    /// Everything below an offset that any pattern followed by then covers has been handed over or
    /// told as a gap.
    void dispatched(PartitionName partition, long offset);
}

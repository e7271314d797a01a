package io.millrace.shard;

/// Hears of events that have become readable, on the shard's thread, in order within each
/// partition.
public interface Readers {
    void readable(Append append);
}

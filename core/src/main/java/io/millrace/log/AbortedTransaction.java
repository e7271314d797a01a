package io.millrace.log;

/// A transaction of a producer in one log that was aborted: readers that want committed records
/// only leave out its batches from here up to its marker.
public record AbortedTransaction(long producerId, long firstOffset) {}

package io.millrace.log.segment;

/// A place between two records, to which everything has been written, or flushed.
///
/// @param offset the offset of the next record
/// @param segmentBase the segment it lies in, by its first offset
/// @param position the byte in that segment
/// @param timestampMillis when the latest record before it was recorded; 0 if there is none
public record Mark(long offset, long segmentBase, int position, long timestampMillis) {}

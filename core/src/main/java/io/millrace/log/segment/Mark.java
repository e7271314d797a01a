package io.millrace.log.segment;

/// A place between two records, to which everything has been written, or flushed.
///
/// @param offset the offset of the next record
/// @param segmentBase the segment it lies in, by its first offset
/// @param position the byte in that segment
/// @param timestampMillis when the server itself recorded something last before it; 0 if it never
///   has
public record Mark(long offset, long segmentBase, int position, long timestampMillis) {}

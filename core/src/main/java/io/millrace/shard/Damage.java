package io.millrace.shard;

/// Stored events of a partition that cannot be read.
///
/// @param fromOffset the first offset that cannot be read
/// @param toOffset the next one that can
/// @param detail a sentence for a person, with file and position
public record Damage(long fromOffset, long toOffset, String detail) {
    boolean overlaps(Damage other) {
        return fromOffset < other.toOffset && other.fromOffset < toOffset;
    }
}

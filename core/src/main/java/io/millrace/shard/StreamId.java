package io.millrace.shard;

/// A stream and which of those that ever had its name: one that was deleted and created again is
/// another stream, with other files and offsets that begin anew.
///
/// @param incarnation rises with each stream that is created
public record StreamId(String name, int incarnation) {
    /// As folders and positions name it; names have no dots.
    @Override
    public String toString() {
        return name + "." + incarnation;
    }
}

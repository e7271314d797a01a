package io.millrace.resource;

/// What becomes of the old events of a stream.
public enum Cleanup {
    /// They go when the retention's time or size is exceeded.
    DELETE,
    /// Of each key the latest event stays; others go in the background. Time and size apply as
    /// well, if they are given.
    COMPACT
}

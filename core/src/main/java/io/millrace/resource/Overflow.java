package io.millrace.resource;

/// What a queue does with a job when it is as long as it may be.
public enum Overflow {
    /// The job is not taken in; whoever sends it is told so.
    REFUSE,
    /// The oldest job goes to the dead letters.
    DROP_OLDEST
}

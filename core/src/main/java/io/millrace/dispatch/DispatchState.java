package io.millrace.dispatch;

/// What a dispatcher does.
public enum DispatchState {
    /// It delivers.
    ACTIVE,
    /// It waits until it is resumed.
    PAUSED,
    /// It waits for the sink's permission.
    PENDING,
    /// The sink is gone, or has denied its permission; it waits until it is resumed.
    DISABLED,
    /// It has ended.
    CLOSED
}

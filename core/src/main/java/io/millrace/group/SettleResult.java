package io.millrace.group;

/// What became of one settlement.
///
/// @param deadlineMillis when the lease ends that was renewed; 0 otherwise
public record SettleResult(String token, Outcome outcome, long deadlineMillis) {
    /// The outcomes; the first two hold, the others changed nothing.
    public enum Outcome {
        /// It holds.
        DONE,
        /// It holds, and the event is with the dead letters now.
        DEAD_LETTERED,
        /// The event was settled before.
        SETTLED_BEFORE,
        /// The lease had ended.
        LEASE_ENDED,
        /// The lease had ended, and the event has been given to somebody else since.
        GIVEN_TO_ANOTHER,
        /// No such lease was ever given here.
        UNKNOWN
    }
}

package io.millrace.cursor;

/// What became of a settlement.
public enum SettleReply {
    /// It holds.
    DONE,
    /// It holds, and was one failure too many: the offset goes to the dead letters.
    BURIED,
    /// The offset was settled before.
    SETTLED_BEFORE,
    /// The lease had ended.
    LEASE_ENDED,
    /// The offset has been given to somebody else since.
    GIVEN_TO_ANOTHER,
    /// No such lease was ever given.
    UNKNOWN
}

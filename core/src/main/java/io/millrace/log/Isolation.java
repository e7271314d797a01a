package io.millrace.log;

/// How far a reader of stored batches sees.
public enum Isolation {
    /// Everything that is stored, transactions that are open or were aborted included.
    READ_UNCOMMITTED,
    /// Up to the first record of the earliest open transaction.
    READ_COMMITTED
}

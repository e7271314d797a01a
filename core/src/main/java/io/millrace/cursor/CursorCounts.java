package io.millrace.cursor;

/// The ledger of a cursor: `accepted = settled + filtered + expired + buried + outstanding`, exact
/// at any instant, because it is kept by the same records as the state.
///
/// @param accepted offsets below the frontier that were there, and those behind it that are
///   cancelled
public record CursorCounts(
        long accepted, long settled, long filtered, long expired, long buried, long outstanding) {
    /// Whether nothing is missing.
    public boolean isBalanced() {
        return accepted == settled + filtered + expired + buried + outstanding;
    }
}

package io.millrace.group;

/// What the holder of leases says of offsets without a gap.
///
/// @param last inclusive
/// @param number of the delivery by which they were given
public record SettleRange(long first, long last, long number, Action action) {
    /// What becomes of them.
    public enum Action {
        /// They are done.
        COMPLETE,
        /// They are given out again at once, or go to the dead letters if they were given out as
        /// often as they may.
        RETURN,
        /// They were not looked at, and are given out again at once, however often they were.
        RELEASE,
        /// They can never succeed: to the dead letters.
        REJECT,
        /// They take longer: another lease of the usual time from now.
        RENEW
    }
}

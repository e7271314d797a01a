package io.millrace.group;

/// What became of the events of one consumer group, from its state at one instant: `accepted =
/// settled + filtered + expired + deadLettered + pending`. None of those that `accepted` counts is
/// ever taken back, but by a seek, with which the counts begin anew.
///
/// @param accepted events that the group was found to have to do with, since its start or the last
///   seek; a queue's jobs all have
/// @param settled completed, cancelled or purged
/// @param filtered not wanted by the filters
/// @param expired gone before they could be delivered: their own time was over, or retention took
///   them
/// @param pending everything else: ready, waiting, leased or deferred
/// @param leased of the pending ones, those that a consumer has now
/// @param delayed of the pending ones, those that wait for a time or for another of their key
/// @param deferred of the pending ones, those set aside
/// @param unread beside all those: what the partitions of a subscription hold that it has not taken
///   up yet, also in contexts that it has nothing to do with
/// @param oldestPendingMillis when the oldest pending or unread one was recorded; 0 if there is
///   none
public record Ledger(
        long accepted,
        long settled,
        long filtered,
        long expired,
        long deadLettered,
        long pending,
        long leased,
        long delayed,
        long deferred,
        long unread,
        long oldestPendingMillis) {
    public static final Ledger EMPTY = new Ledger(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// Both together.
    public Ledger plus(Ledger other) {
        long oldest =
                oldestPendingMillis == 0 || other.oldestPendingMillis == 0
                        ? oldestPendingMillis + other.oldestPendingMillis
                        : Math.min(oldestPendingMillis, other.oldestPendingMillis);
        return new Ledger(
                accepted + other.accepted,
                settled + other.settled,
                filtered + other.filtered,
                expired + other.expired,
                deadLettered + other.deadLettered,
                pending + other.pending,
                leased + other.leased,
                delayed + other.delayed,
                deferred + other.deferred,
                unread + other.unread,
                oldest);
    }

    /// Whether nothing is missing.
    public boolean isBalanced() {
        return accepted == settled + filtered + expired + deadLettered + pending;
    }
}

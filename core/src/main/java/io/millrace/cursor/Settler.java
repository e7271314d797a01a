package io.millrace.cursor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides what becomes of leases: settled by their holders, or ended by the clock.
///
/// Changes nothing: records have to be written and applied before the replies hold. Where a reply
/// is [SettleReply#BURIED], the dead letter has to be stored before the record.
public final class Settler {
    private final Cursor cursor;

    public Settler(Cursor cursor) {
        this.cursor = cursor;
    }

    /// What was decided of one lease.
    ///
    /// @param record `null` if nothing changes
    public record Decision(SettleReply reply, @Nullable CursorRecord record) {}

    /// @param token what the consumer was given
    public Decision settle(LeaseToken token, Settlement settlement, long nowMillis) {
        SettleReply refusal = refusal(token, nowMillis);
        if (refusal != null) {
            return new Decision(refusal, null);
        }
        long offset = token.offset();
        return switch (settlement) {
            case Settlement.Complete() ->
                    new Decision(SettleReply.DONE, new CursorRecord.Settled(List.of(offset)));
            case Settlement.Release(long delay, boolean failed) ->
                    failed
                            ? failed(offset, nowMillis, delay)
                            : new Decision(
                                    SettleReply.DONE,
                                    new CursorRecord.Returned(offset, nowMillis + delay, false));
            case Settlement.Reject() ->
                    new Decision(SettleReply.BURIED, new CursorRecord.Buried(offset));
            case Settlement.Defer() ->
                    new Decision(SettleReply.DONE, new CursorRecord.Deferred(offset));
            case Settlement.Renew(long lease) ->
                    new Decision(
                            SettleReply.DONE, new CursorRecord.Renewed(offset, nowMillis + lease));
        };
    }

    /// Why a lease does not hold; `null` if it does.
    public @Nullable SettleReply refusal(LeaseToken token, long nowMillis) {
        Outstanding outstanding = cursor.outstanding();
        boolean isStrange =
                token.partition() != cursor.partition()
                        || token.number() >= cursor.nextNumber()
                        || token.offset() >= cursor.frontier();
        if (isStrange) {
            return SettleReply.UNKNOWN;
        }
        int slot = outstanding.find(token.offset());
        if (slot < 0) {
            return SettleReply.SETTLED_BEFORE;
        }
        if (outstanding.number(slot) < token.number()) {
            return SettleReply.UNKNOWN;
        }
        if (outstanding.number(slot) > token.number()) {
            return SettleReply.GIVEN_TO_ANOTHER;
        }
        // One that is on its way to the dead letters is leased by nobody.
        boolean isLeased =
                outstanding.state(slot) == Outstanding.LEASED
                        && outstanding.time(slot) > nowMillis
                        && outstanding.time(slot) < Long.MAX_VALUE;
        return isLeased ? null : SettleReply.LEASE_ENDED;
    }

    private Decision failed(long offset, long nowMillis, long delayMillis) {
        int failures = cursor.outstanding().failures(cursor.outstanding().find(offset)) + 1;
        if (failures >= cursor.config().failuresMax()) {
            return new Decision(SettleReply.BURIED, new CursorRecord.Buried(offset));
        }
        long delay = Math.max(delayMillis, cursor.config().retryDelays().afterFailure(failures));
        return new Decision(
                SettleReply.DONE, new CursorRecord.Returned(offset, nowMillis + delay, true));
    }

    /// What has to be recorded because leases have ended: each is a failed delivery.
    ///
    /// @param max at most so many
    public List<CursorRecord> endLeases(long nowMillis, int max) {
        List<CursorRecord> records = new ArrayList<>();
        cursor.visitLeases((end, offset) -> {
            if (end <= nowMillis && records.size() < max) {
                CursorRecord record = failed(offset, nowMillis, 0).record();
                if (record != null) {
                    records.add(record);
                }
                return true;
            }
            return false;
        });
        return records;
    }
}

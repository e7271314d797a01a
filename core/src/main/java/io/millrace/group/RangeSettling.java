package io.millrace.group;

import io.millrace.cursor.CursorRecord;
import io.millrace.cursor.Held;
import io.millrace.cursor.LeaseToken;
import io.millrace.cursor.Settler;
import io.millrace.error.MillraceException;
import io.millrace.letter.DeadLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Settles ranges of one cursor's leases, once, on its shard's thread.
final class RangeSettling {
    private static final Burials.Cause REJECTED =
            new Burials.Cause(DeadLetter.Reason.REJECTED, "a consumer rejected it", 0);
    private static final Burials.Cause EXHAUSTED =
            new Burials.Cause(
                    DeadLetter.Reason.ATTEMPTS_EXHAUSTED,
                    "it was given back each time it was delivered",
                    0);

    private final GroupCursor owner;
    private final List<SettleRange> ranges;
    private final boolean isAllOrNone;
    private final CompletableFuture<Boolean> answer = new CompletableFuture<>();
    private final List<Long> completed = new ArrayList<>();
    private boolean isLasting;

    /// Outcomes that are still to come; the shard's thread only.
    private int missing = 1;

    /// @param isAllOrNone whether one lease that does not hold refuses the others too; else it is
    ///   left out
    RangeSettling(GroupCursor owner, List<SettleRange> ranges, boolean isAllOrNone) {
        this.owner = owner;
        this.ranges = ranges;
        this.isAllOrNone = isAllOrNone;
    }

    CompletableFuture<Boolean> answer() {
        return answer;
    }

    void settle() {
        try {
            long now = owner.home().nowMillis();
            if (isAllOrNone && !holdsAll(now)) {
                answer.complete(false);
                return;
            }
            for (SettleRange range : ranges) {
                for (long offset = range.first(); offset <= range.last(); offset++) {
                    if (isAllOrNone || holds(offset, range.number(), now)) {
                        settle(offset, range.action(), now);
                    }
                }
            }
            if (!completed.isEmpty()) {
                isLasting = true;
                owner.apply(new CursorRecord.Settled(completed));
                owner.group().countSettled(completed.size());
            }
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
            return;
        }
        if (isLasting) {
            owner.whenStored(this::partDone);
        } else {
            owner.home().journal().whenWritten(this::partDone);
        }
        owner.home().touch(owner);
    }

    private boolean holdsAll(long now) {
        for (SettleRange range : ranges) {
            for (long offset = range.first(); offset <= range.last(); offset++) {
                if (!holds(offset, range.number(), now)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean holds(long offset, long number, long now) {
        LeaseToken token = new LeaseToken(owner.id().partition(), offset, number);
        return new Settler(owner.cursor()).refusal(token, now) == null;
    }

    private void settle(long offset, SettleRange.Action action, long now) {
        switch (action) {
            case COMPLETE -> completed.add(offset);
            case RELEASE -> owner.apply(new CursorRecord.Returned(offset, now, false));
            case RETURN -> {
                Held held = owner.cursor().held(offset);
                int most = owner.group().config().cursor().failuresMax();
                if (held != null && held.deliveries() >= most) {
                    bury(offset, EXHAUSTED);
                } else {
                    owner.apply(new CursorRecord.Returned(offset, now, false));
                }
            }
            case REJECT -> bury(offset, REJECTED);
            case RENEW -> {
                long until = now + owner.group().config().lease().toMillis();
                owner.apply(new CursorRecord.Renewed(offset, until));
            }
        }
    }

    private void bury(long offset, Burials.Cause cause) {
        missing++;
        owner.burials().begin(offset, cause, null, this::partDone);
    }

    private void partDone(@Nullable MillraceException problem) {
        missing--;
        if (problem != null) {
            answer.completeExceptionally(problem);
        } else if (missing == 0) {
            answer.complete(true);
        }
    }
}

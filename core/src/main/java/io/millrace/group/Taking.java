package io.millrace.group;

import io.millrace.cursor.CursorRecord;
import io.millrace.cursor.Dispenser;
import io.millrace.cursor.Lease;
import io.millrace.letter.DeadLetter;
import io.millrace.stream.StoredEvent;
import java.util.HashMap;
import java.util.Map;

/// Takes events from a cursor for one consumer, once. The shard's thread.
final class Taking {
    private static final int EXPIRED_ROUNDS_MAX = 100;

    private final GroupCursor owner;
    private final long now;
    private final long leaseMillis;
    private final Taker taker;

    Taking(GroupCursor owner, long now, long leaseMillis, Taker taker) {
        this.owner = owner;
        this.now = now;
        this.leaseMillis = leaseMillis;
        this.taker = taker;
    }

    /// Takes what can be had now; in place of events that turn out to have expired, others.
    void take(int max) {
        int left = max;
        for (int i = 0; i < EXPIRED_ROUNDS_MAX && left > 0; i++) {
            Round round = round(left);
            left -= round.taken;
            if (!round.expired) {
                break;
            }
        }
    }

    /// @param expired whether it is worth another try, as something was taken that had expired
    private record Round(int taken, boolean expired) {}

    private Round round(int max) {
        owner.ripen(now);
        owner.countNotWanted();
        ReadAhead.Pass pass = owner.ahead().pass(owner.partition().dispatchedOffset());
        Reading reading = owner.reading();
        Dispenser.Decision decision =
                new Dispenser(owner.cursor())
                        .receive(max, now, leaseMillis, pass, reading::isAtHand);
        if (decision.record() == null) {
            return new Round(0, false);
        }
        owner.apply(decision.record());
        pass.take();
        int taken = 0;
        Map<Long, StoredEvent> fresh = HashMap.newHashMap(pass.given().size());
        pass.given().forEach(candidate -> fresh.put(candidate.offset(), candidate.event()));
        boolean expired = false;
        for (Lease lease : decision.leases()) {
            long offset = lease.token().offset();
            StoredEvent event = fresh.remove(offset);
            event = event == null ? reading.takeAtHand(offset) : event;
            if (event == null) {
                throw new IllegalStateException("an event that is not at hand was given out");
            }
            if (owner.feed().rules().expiryMillis(event) <= now) {
                expired = true;
                expire(event);
            } else {
                taker.taken(lease, event);
                taken++;
            }
        }
        // Those that another of their key holds back are wanted soon.
        fresh.forEach(reading::keepAtHand);
        return new Round(taken, expired);
    }

    private void expire(StoredEvent event) {
        if (owner.group().config().buriesExpired()) {
            owner.burials()
                    .begin(
                            event.offset(),
                            new Burials.Cause(
                                    DeadLetter.Reason.EXPIRED,
                                    "its time was over before it was taken",
                                    0),
                            event,
                            null);
        } else {
            owner.apply(new CursorRecord.Expired(event.offset()));
        }
    }
}

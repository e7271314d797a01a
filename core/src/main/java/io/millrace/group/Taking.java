package io.millrace.group;

import io.millrace.cursor.CursorRecord;
import io.millrace.cursor.Dispenser;
import io.millrace.cursor.Lease;
import io.millrace.letter.DeadLetter;
import io.millrace.stream.StoredEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        int again = decision.record().again().size();
        int taken = again(decision.leases().subList(0, again));
        taken += fresh(decision.leases().subList(again, decision.leases().size()), pass.given());
        return new Round(taken, taken < decision.leases().size());
    }

    private int again(List<Lease> leases) {
        int taken = 0;
        for (Lease lease : leases) {
            StoredEvent event = owner.reading().takeAtHand(lease.token().offset());
            if (event == null) {
                throw new IllegalStateException("an event that is not at hand was given out");
            }
            if (owner.feed().rules().expiryMillis(event) <= now) {
                expire(event.offset(), event);
            } else {
                taker.taken(lease, event, Candidate.dataBytes(event));
                taken++;
            }
        }
        return taken;
    }

    /// @param given in the order of their offsets, as the leases are
    private int fresh(List<Lease> leases, List<Candidate> given) {
        int taken = 0;
        int next = 0;
        for (Candidate candidate : given) {
            if (next == leases.size() || leases.get(next).token().offset() != candidate.offset()) {
                keep(candidate);
                continue;
            }
            Lease lease = leases.get(next++);
            if (candidate.treatment().expiryMillis() <= now) {
                expire(candidate.offset(), candidate.event());
            } else {
                taker.taken(lease, candidate.event(), candidate.dataBytes());
                taken++;
            }
        }
        return taken;
    }

    /// Those that another of their key holds back are wanted soon.
    private void keep(Candidate candidate) {
        StoredEvent event = candidate.event();
        if (event != null) {
            owner.reading().keepAtHand(candidate.offset(), event);
        }
    }

    private void expire(long offset, @Nullable StoredEvent event) {
        if (owner.group().config().buriesExpired()) {
            owner.burials()
                    .begin(
                            offset,
                            new Burials.Cause(
                                    DeadLetter.Reason.EXPIRED,
                                    "its time was over before it was taken",
                                    0),
                            event,
                            null);
        } else {
            owner.apply(new CursorRecord.Expired(offset));
        }
    }
}

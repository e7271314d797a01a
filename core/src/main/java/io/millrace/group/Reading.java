package io.millrace.group;

import io.millrace.cursor.CursorRecord;
import io.millrace.cursor.Dispenser;
import io.millrace.cursor.Held;
import io.millrace.stream.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What one cursor has the [Pump] read: new events while it is behind, and those that are given out
/// again. Owned by the shard's thread; answers of the pump come back to it.
final class Reading {
    private static final int FETCH_MAX = 200;
    private static final int AT_HAND_MAX = 2_000;
    private static final long BLOCKED_NANOS = 1_000_000_000;

    /// Who wants events and not offsets alone comes back in this time, or counts as gone.
    private static final long EVENTS_WANTED_NANOS = 10_000_000_000L;

    private final GroupCursor owner;
    private final ReadAhead ahead;

    /// Events of outstanding offsets that are about to be given out again.
    private final Map<Long, StoredEvent> atHand = new HashMap<>(0);

    private final Set<Long> fetching = new HashSet<>(0);
    private boolean isScanning;

    /// Whether offsets are wanted without their events, unless somebody wanted those of late.
    private boolean isForOffsets;

    private boolean wereEventsWanted;
    private long eventsWantedNanos;

    /// The disk has failed with what was asked for, so it is asked again a moment later.
    private boolean isBlocked;

    private long blockedUntilNanos;

    /// Changes when what was under way has nothing to do with the cursor any more.
    private int era;

    /// @param ahead what new events go to
    Reading(GroupCursor owner, ReadAhead ahead) {
        this.owner = owner;
        this.ahead = ahead;
    }

    /// Whether the event of an offset is in memory to be given out again.
    boolean isAtHand(long offset) {
        return atHand.containsKey(offset);
    }

    boolean hasAtHand() {
        return !atHand.isEmpty();
    }

    /// Hands an event over that is about to be given out again; `null` if it is not in memory.
    @Nullable StoredEvent takeAtHand(long offset) {
        return atHand.remove(offset);
    }

    /// Keeps an event that is wanted again soon, if there is room.
    void keepAtHand(long offset, StoredEvent event) {
        if (atHand.size() < AT_HAND_MAX) {
            atHand.put(offset, event);
        }
    }

    /// Whether there is, or may be, more than what was taken: reading goes on. Where too much is
    /// outstanding already, nothing comes of it.
    boolean isReading() {
        boolean isBehind = !isBlocked() && (isScanning || !ahead.isLive());
        return !fetching.isEmpty() || (isBehind && new Dispenser(owner.cursor()).hasRoom());
    }

    private boolean isBlocked() {
        isBlocked &= owner.home().nanoTime() - blockedUntilNanos < 0;
        return isBlocked;
    }

    /// Who waited for this takes what others have meanwhile.
    private void block() {
        isBlocked = true;
        blockedUntilNanos = owner.home().nanoTime() + BLOCKED_NANOS;
        owner.lookAgain();
        owner.group().caughtUp();
    }

    /// What is under way for it comes to nothing.
    void forget() {
        era++;
        atHand.clear();
        fetching.clear();
        isScanning = false;
        isBlocked = false;
    }

    /// Reads what is going to be wanted.
    void prepare(long now) {
        if (isBlocked()) {
            return;
        }
        List<Long> missing = new ArrayList<>();
        for (long offset : new Dispenser(owner.cursor()).due(now, FETCH_MAX)) {
            if (!atHand.containsKey(offset) && fetching.add(offset)) {
                missing.add(offset);
            }
        }
        if (!missing.isEmpty()) {
            fetch(missing);
        }
        if (!ahead.isLive() && !isScanning && ahead.isLow(isUndecoded())) {
            scan();
        }
    }

    /// Somebody takes offsets, and reads the records for himself.
    void offsetsWanted() {
        isForOffsets = true;
    }

    /// Somebody takes events.
    void eventsWanted() {
        if (isForOffsets) {
            wereEventsWanted = true;
            eventsWantedNanos = owner.home().nanoTime();
        }
    }

    private boolean isUndecoded() {
        wereEventsWanted &= owner.home().nanoTime() - eventsWantedNanos < EVENTS_WANTED_NANOS;
        return isForOffsets && !wereEventsWanted;
    }

    private void scan() {
        isScanning = true;
        int asked = era;
        long from = ahead.scannedTo(0);
        boolean undecoded = isUndecoded();
        Pump.Scan scan =
                new Pump.Scan(
                        owner.partition(),
                        owner.feed().rules(),
                        from,
                        owner.partition().dispatchedOffset(),
                        ahead.room(undecoded),
                        undecoded);
        owner.home().pump().scan(scan, found -> owner.run(() -> found(asked, from, found)));
    }

    private void found(int asked, long from, Pump.@Nullable Found found) {
        if (asked != era) {
            return;
        }
        isScanning = false;
        if (found == null) {
            block();
            return;
        }
        if (found.startedAt() > from) {
            if (ahead.size() > 0) {
                // What is ready lies before the gap; reading begins again when it is taken.
                return;
            }
            lost(from, found.startedAt());
        }
        found.candidates().forEach(ahead::add);
        ahead.filtered(found.filteredBehind());
        ahead.scanned(found.next());
        if (found.next() >= owner.partition().dispatchedOffset()) {
            owner.countNotWanted();
            ahead.goLive();
            if (ahead.size() == 0) {
                owner.group().caughtUp();
            }
        } else if (ahead.size() == 0 && owner.group().isHungry()) {
            scan();
        }
        owner.home().touch(owner);
    }

    /// Events between what was looked at and this offset are gone.
    private void lost(long from, long to) {
        passTo(from);
        owner.apply(new CursorRecord.Skipped(to, to - from));
        ahead.scanned(to);
    }

    /// Writes down that all below was looked at.
    void passTo(long offset) {
        long filtered = ahead.filtered();
        if (offset > owner.cursor().frontier() || filtered > 0) {
            owner.apply(new CursorRecord.Passed(offset, filtered));
            ahead.filtered(-filtered);
        }
    }

    private void fetch(List<Long> offsets) {
        int asked = era;
        owner.home()
                .pump()
                .fetch(
                        owner.partition(),
                        offsets,
                        found -> owner.run(() -> fetched(asked, offsets, found)));
    }

    private void fetched(int asked, List<Long> offsets, Pump.@Nullable Fetched found) {
        if (asked != era) {
            return;
        }
        offsets.forEach(fetching::remove);
        if (found == null || !found.unreadable().isEmpty()) {
            block();
        }
        for (long offset : offsets) {
            if (found == null || found.unreadable().contains(offset)) {
                continue;
            }
            StoredEvent event = found.events().get(offset);
            Held held = owner.cursor().held(offset);
            if (held == null || held.state() == Held.State.LEASED) {
                continue;
            }
            if (event == null) {
                // Retention or damage has taken it while it waited.
                owner.apply(new CursorRecord.Expired(offset));
            } else {
                atHand.put(offset, event);
            }
        }
        if (atHand.isEmpty() && ahead.size() == 0) {
            // Who waited for these may find others, of a lower priority.
            owner.group().caughtUp();
        }
        owner.home().touch(owner);
    }
}

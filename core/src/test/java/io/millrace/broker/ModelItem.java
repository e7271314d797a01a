package io.millrace.broker;

import io.millrace.event.Event;
import org.jspecify.annotations.Nullable;

/// A job of a queue, or an event for a subscription, as far as its publisher and its consumers
/// know.
final class ModelItem {
    final Event event;
    final @Nullable String key;
    final long dueMillis;
    final long expiryMillis;
    final long putNanos;

    /// `stream/partition/offset`, once that is known.
    @Nullable String place;

    /// It was answered, or seen, that it is there.
    boolean isStored;

    /// It was answered that it is done.
    boolean isFinished;

    /// Somebody may have finished it without an answer.
    boolean mayBeFinished;

    /// It was answered that it is with the dead letters.
    boolean isBuried;

    boolean isDeferred;
    boolean wasDeferred;

    /// It was set aside and given out again, and the machine has crashed since: leases are not
    /// flushed, so it may be set aside again.
    boolean mayBeDeferred;

    /// Whether the duplicate window has to know it.
    boolean isRemembered = true;

    /// The machine has crashed since somebody had it: whether somebody still has it is not known.
    boolean mayBeLeased;

    /// Somebody got it, and heard so later than of what became of it.
    boolean isOvertaken;

    /// Its lease was to go on, and no answer came: nobody knows until when it holds.
    boolean mayBeRenewed;

    /// Settlements of it that are not answered yet.
    int settling;

    @Nullable String token;
    long deadlineMillis;
    long notBeforeMillis;
    int deliveries;

    /// When it was last changed here.
    long touched;

    ModelItem(Event event, @Nullable String key, long dueMillis, long expiryMillis, long putNanos) {
        this.event = event;
        this.key = key;
        this.dueMillis = dueMillis;
        this.expiryMillis = expiryMillis;
        this.putNanos = putNanos;
    }

    long offset() {
        String known = place;
        return known == null ? -1 : Long.parseLong(known.substring(known.lastIndexOf('/') + 1));
    }

    String lane() {
        String known = place;
        return known == null ? "" : known.substring(0, known.lastIndexOf('/'));
    }

    boolean isOpen() {
        return isStored && !isFinished && !mayBeFinished;
    }

    /// The machine has crashed: who has it, and since when, may be gone.
    void forgetLease() {
        mayBeLeased |= deliveries > 0;
        mayBeDeferred |= wasDeferred && !isDeferred;
        token = null;
        deadlineMillis = 0;
        notBeforeMillis = 0;
        deliveries = 0;
    }

    /// The machine has crashed, and nothing of it was on disk for sure.
    void forget() {
        forgetLease();
        // Also somebody may have let it go, or it may be with the dead letters.
        mayBeFinished = true;
        isFinished = false;
        isBuried = false;
        isDeferred = false;
        isStored = false;
        isRemembered = false;
        place = null;
    }

    @Override
    public String toString() {
        return event.id()
                + "@"
                + place
                + (isStored ? " stored" : " perhaps stored")
                + (isFinished ? " finished" : mayBeFinished ? " perhaps finished" : "")
                + (isDeferred ? " deferred" : "")
                + (token == null ? "" : " leased until " + deadlineMillis);
    }
}

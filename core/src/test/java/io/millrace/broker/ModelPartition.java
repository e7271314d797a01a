package io.millrace.broker;

import static io.millrace.broker.BrokerModel.check;

import io.millrace.broker.Attempt.State;
import io.millrace.stream.StoredEvent;
import java.util.Map;
import java.util.TreeMap;

/// What must be in one partition: every event that somebody was told of, by its offset.
final class ModelPartition {
    final ModelStream stream;
    final int number;
    final TreeMap<Long, Entry> entries = new TreeMap<>();

    /// Behind the newest event that was acknowledged.
    long acknowledgedEnd;

    /// Whether a flush has failed since the last start, so that the system may drop pages.
    boolean mayLosePages;

    /// Whether it had failed when its stream was changed, so that it shows what it showed before
    /// until the next start.
    boolean isStuck;

    static final class Entry {
        final Attempt attempt;
        boolean isDurable;
        long recordedMillis = -1;

        Entry(Attempt attempt) {
            this.attempt = attempt;
        }
    }

    ModelPartition(ModelStream stream, int number) {
        this.stream = stream;
        this.number = number;
    }

    /// Its publisher was told that it is there.
    void acknowledged(Attempt attempt, long offset) {
        place(attempt, offset);
        attempt.state = State.STORED;
        acknowledgedEnd = Math.max(acknowledgedEnd, offset + 1);
    }

    /// A reader was given it.
    void seen(Attempt attempt, StoredEvent stored) {
        check(
                attempt.event.equals(stored.event()),
                "%s/%d differs from what was published: %s",
                this,
                stored.offset(),
                stored.event());
        check(attempt.context.equals(stored.context()), "context of %s is %s", attempt, stored);
        place(attempt, stored.offset());
        Entry entry = entries.get(stored.offset());
        if (entry == null) {
            throw new AssertionError("not placed");
        }
        check(
                entry.recordedMillis < 0 || entry.recordedMillis == stored.recordedMillis(),
                "%s was recorded at %d and now at %d",
                attempt,
                entry.recordedMillis,
                stored.recordedMillis());
        entry.recordedMillis = stored.recordedMillis();
        monotonic(entries.lowerEntry(stored.offset()), entry, entries.higherEntry(stored.offset()));
    }

    private void monotonic(
            Map.@org.jspecify.annotations.Nullable Entry<Long, Entry> before,
            Entry entry,
            Map.@org.jspecify.annotations.Nullable Entry<Long, Entry> after) {
        long low = before == null ? -1 : before.getValue().recordedMillis;
        long high = after == null ? -1 : after.getValue().recordedMillis;
        check(
                low <= entry.recordedMillis && (high < 0 || entry.recordedMillis <= high),
                "%s recorded at %d between %d and %d",
                entry.attempt,
                entry.recordedMillis,
                low,
                high);
    }

    private void place(Attempt attempt, long offset) {
        check(
                attempt.state != State.REFUSED,
                "%s was refused and is at %s@%d",
                attempt,
                this,
                offset);
        check(attempt.state != State.LOST, "%s was lost and is back", attempt);
        check(
                attempt.target == null || attempt.target == stream,
                "%s belongs into %s and is in %s",
                attempt,
                attempt.target,
                stream);
        check(
                attempt.place == null || (attempt.place == this && attempt.offset == offset),
                "%s is a second time at %s@%d",
                attempt,
                this,
                offset);
        Entry known = entries.get(offset);
        check(
                known == null || known.attempt == attempt,
                "%s@%d is %s and was %s",
                this,
                offset,
                attempt,
                known == null ? null : known.attempt);
        attempt.place = this;
        attempt.offset = offset;
        if (known == null) {
            known = new Entry(attempt);
            entries.put(offset, known);
        }
        stream.routes.put(attempt.key(), number);
        known.isDurable |= stream.isSynced() && !isStuck;
    }

    /// All that is there now stays, whatever happens.
    void durable() {
        entries.values().forEach(entry -> entry.isDurable = true);
    }

    /// The partition ends here after a restart.
    ///
    /// @param isMachine whether what was not flushed may be gone
    /// @return whether something that was known is gone
    boolean restarted(long end, boolean isMachine) {
        boolean hasLost = false;
        while (!entries.isEmpty() && entries.lastKey() >= end) {
            hasLost = true;
            Entry gone = entries.pollLastEntry().getValue();
            check(
                    !gone.isDurable && (isMachine || mayLosePages),
                    "%s is gone; %s ends at %d",
                    gone.attempt,
                    this,
                    end);
            gone.attempt.state = State.LOST;
        }
        acknowledgedEnd = end;
        mayLosePages = false;
        isStuck = false;
        return hasLost;
    }

    /// Whether compaction may have taken an event: a later one has its key, or it deletes the key.
    boolean mayBeCompacted(long offset, Attempt attempt) {
        if (!stream.isCompacted()) {
            return false;
        }
        return attempt.event.data() == null
                || entries.tailMap(offset, false).values().stream()
                        .anyMatch(entry -> entry.attempt.key().equals(attempt.key()));
    }

    @Override
    public String toString() {
        return stream + "/" + number;
    }
}

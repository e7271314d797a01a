package io.millrace.query.source;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// The time of one partition, from its events alone: what is late is the same whenever and beside
/// whatever the partition is read, so that the same history gives the same results.
///
/// The watermark is the time of the latest event less the delay. While nothing is recorded for
/// longer than `idle`, it goes on at the pace of the clock; for history the times of recording are
/// that clock. Used by one thread. All times are milliseconds since 1970.
public final class EventClock {
    /// No event so far.
    static final long NONE = Long.MIN_VALUE;

    private final Rules rules;
    private long latest = NONE;
    private long latestRecorded;
    private long lastRecorded;
    private long watermark = NONE;

    /// @param idleMillis -1 for never
    public record Rules(long delayMillis, long idleMillis, long latenessMillis, long aheadMillis)
            implements Serializable {}

    /// What an event is.
    enum Verdict {
        IN_TIME,
        CORRECTS,
        LATE,
        AHEAD
    }

    EventClock(Rules rules) {
        this.rules = rules;
    }

    /// What has to be kept for going on where another clock was.
    public record State(long latest, long latestRecorded, long lastRecorded, long watermark) {}

    State state() {
        return new State(latest, latestRecorded, lastRecorded, watermark);
    }

    EventClock(Rules rules, @Nullable State state) {
        this(rules);
        if (state != null) {
            latest = state.latest;
            latestRecorded = state.latestRecorded;
            lastRecorded = state.lastRecorded;
            watermark = state.watermark;
        }
    }

    /// Nothing is recorded before that moment.
    void advance(long recordedMillis) {
        boolean isIdle =
                rules.idleMillis >= 0
                        && latest != NONE
                        && recordedMillis - lastRecorded > rules.idleMillis;
        if (isIdle) {
            long gone = recordedMillis - latestRecorded - rules.idleMillis;
            watermark = Math.max(watermark, latest - rules.delayMillis + Math.max(0, gone));
        }
    }

    /// The next event of the partition.
    ///
    /// @param floor what has been emitted as watermark already; [#NONE] for nothing
    Verdict observe(long eventMillis, long recordedMillis, long floor) {
        advance(recordedMillis);
        lastRecorded = Math.max(lastRecorded, recordedMillis);
        if (eventMillis > recordedMillis + rules.aheadMillis) {
            return Verdict.AHEAD;
        }
        // Only a partition that was silent from the start can be behind what all have agreed on.
        long bound = Math.max(watermark, latest == NONE ? floor : NONE);
        Verdict verdict =
                eventMillis >= bound
                        ? Verdict.IN_TIME
                        : eventMillis >= bound - rules.latenessMillis
                                ? Verdict.CORRECTS
                                : Verdict.LATE;
        if (eventMillis > latest || latest == NONE) {
            latest = eventMillis;
            latestRecorded = recordedMillis;
            watermark = Math.max(watermark, eventMillis - rules.delayMillis);
        }
        return verdict;
    }

    /// No event in time is older; [#NONE] before the first.
    long watermark() {
        return watermark;
    }

    /// When the watermark goes on by itself, if nothing is recorded; -1 for never.
    long idleAt() {
        return rules.idleMillis < 0 || latest == NONE ? -1 : lastRecorded + rules.idleMillis;
    }
}

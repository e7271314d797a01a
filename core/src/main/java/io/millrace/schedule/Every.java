package io.millrace.schedule;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A steady interval: the anchor, and every whole number of intervals after it.
///
/// The times follow from the anchor alone, never from when the last one was served, so that they do
/// not drift. Intervals are lengths, not calendar units: a day has 24 hours, whatever the clocks on
/// the walls do.
///
/// @param interval from [#INTERVAL_MIN] to [#INTERVAL_MAX]
/// @param anchor the first time; nothing is due before it
public record Every(Duration interval, Instant anchor) implements Timetable {
    public static final Duration INTERVAL_MIN = Duration.ofSeconds(1);
    public static final Duration INTERVAL_MAX = Duration.ofDays(3660);

    /// @throws IllegalArgumentException whose message says which intervals are accepted
    public Every {
        if (interval.compareTo(INTERVAL_MIN) < 0 || interval.compareTo(INTERVAL_MAX) > 0) {
            throw new IllegalArgumentException("must be a duration from 1s to 3660d");
        }
    }

    @Override
    public @Nullable Instant next(Instant after) {
        if (!after.isBefore(LAST) || anchor.isAfter(LAST)) {
            return null;
        }
        if (after.isBefore(anchor)) {
            return anchor;
        }
        long whole = Duration.between(anchor, after).dividedBy(interval);
        Instant next = anchor.plus(interval.multipliedBy(whole + 1));
        return next.isAfter(LAST) ? null : next;
    }
}

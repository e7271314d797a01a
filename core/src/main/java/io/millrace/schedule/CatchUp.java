package io.millrace.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What becomes of times that passed while nobody could serve them, because the server was down or
/// the schedule was paused.
///
/// @param timesMax for [Policy#ALL]: how many of the missed times are made up for, the latest ones;
///   1 to [#TIMES_MAX]
public record CatchUp(Policy policy, int timesMax) {
    public static final int TIMES_MAX = 1_000;
    public static final int TIMES_DEFAULT = 100;

    /// How late a time may be served and still not count as missed.
    public static final Duration ON_TIME = Duration.ofSeconds(60);

    /// Which of the missed times are made up for.
    public enum Policy {
        /// None of them.
        SKIP,
        /// The latest one only.
        ONCE,
        /// Every one of them up to a limit, in their order.
        ALL
    }

    /// What is to be done now.
    ///
    /// @param times that fire now, the earliest first
    /// @param passedOver whether there were times that will never fire
    /// @param next the time to come back, later than now; `null` if the timetable has ended
    public record Due(List<Instant> times, boolean passedOver, @Nullable Instant next) {
        public Due {
            times = List.copyOf(times);
        }
    }

    /// @throws IllegalArgumentException if the maximum is out of its range
    public CatchUp {
        if (timesMax < 1 || timesMax > TIMES_MAX) {
            throw new IllegalArgumentException(
                    "must be a whole number from 1 to %d".formatted(TIMES_MAX));
        }
    }

    /// The times in (`served`, `now`] that fire. How long this takes depends on how many fire, not
    /// on how long nobody looked.
    ///
    /// @param served everything up to here has been dealt with
    /// @param now what the clock says; if it was set back behind `served`, nothing is due until it
    ///   comes to `served` again, so that nothing fires twice
    public Due due(Timetable timetable, Instant served, Instant now) {
        if (now.isBefore(served)) {
            return new Due(List.of(), false, timetable.next(served));
        }
        int max = policy == Policy.ALL ? timesMax : 1;
        Deque<Instant> latest = latest(timetable, served, now, max + 1);
        boolean passedOver = latest.size() > max;
        if (passedOver) {
            latest.removeFirst();
        }
        if (policy == Policy.SKIP
                && !latest.isEmpty()
                && latest.getFirst().isBefore(now.minus(ON_TIME))) {
            passedOver = true;
            latest.clear();
        }
        return new Due(List.copyOf(latest), passedOver, timetable.next(now));
    }

    /// The latest times up to `max`. Looks back over longer and longer stretches, so that a dense
    /// timetable is not walked through from the beginning of a long absence.
    private static Deque<Instant> latest(
            Timetable timetable, Instant served, Instant now, int max) {
        Duration back = Duration.ofSeconds(max);
        Duration all = Duration.between(served, now);
        while (back.compareTo(all) < 0) {
            Deque<Instant> latest = walk(timetable, now.minus(back), now, max);
            if (latest.size() == max) {
                return latest;
            }
            back = back.multipliedBy(2);
        }
        return walk(timetable, served, now, max);
    }

    private static Deque<Instant> walk(Timetable timetable, Instant from, Instant to, int max) {
        Deque<Instant> latest = new ArrayDeque<>();
        for (Instant time = timetable.next(from);
                time != null && !time.isAfter(to);
                time = timetable.next(time)) {
            if (latest.size() == max) {
                latest.removeFirst();
            }
            latest.addLast(time);
        }
        return latest;
    }
}

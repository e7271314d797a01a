package io.millrace.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One schedule's times: which have come, which fire now, and which comes next. Owned by the
/// runner's thread.
final class RunningSchedule {
    /// Of a target that fails, so many times are kept at least; those that come later are treated
    /// as missed ones.
    static final int WAITING_MAX = 1_000;

    /// Vixie cron's limit: a clock that is set back further has been corrected, and what fired
    /// ahead of it does not count.
    static final Duration CORRECTION = Duration.ofHours(3);

    private static final long NANOS_OF_MILLI = 1_000_000;

    private ScheduleResource resource;

    /// All times up to here fired, or are waiting, or were passed over.
    private Instant served;

    private @Nullable Instant next;

    /// The latest time that fired or is waiting.
    private @Nullable Instant newest;

    private @Nullable Instant last;
    private final Deque<Instant> waiting = new ArrayDeque<>();
    private boolean isFiring;
    private int failures;
    private long retryNanos;
    private @Nullable String problem;

    RunningSchedule(ScheduleResource resource, ScheduleProgress progress) {
        this.resource = resource;
        this.served = Instant.ofEpochMilli(progress.servedMillis());
        this.last = progress.lastMillis() == null ? null : time(progress.lastMillis());
        this.newest = last;
        this.next = resource.timetable().next(served);
    }

    private static Instant time(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    /// The first millisecond that is not before the time.
    static long millis(Instant time) {
        long millis = time.toEpochMilli();
        return time(millis).isBefore(time) ? millis + 1 : millis;
    }

    ScheduleResource resource() {
        return resource;
    }

    /// Takes over a resource with the same timetable.
    void resource(ScheduleResource changed) {
        resource = changed;
    }

    /// Finds out which times have come.
    void look(Instant now) {
        if (now.isBefore(served)) {
            setBack(now);
        } else if (next == null || next.isAfter(now)) {
            served = now;
        } else if (waiting.size() < WAITING_MAX) {
            for (Instant time : due(now)) {
                waiting.add(time);
                newest = time;
            }
            served = now;
            next = resource.timetable().next(now);
        }
    }

    /// What lies ahead of the clock now comes again, but for what has been taken to be fired; after
    /// a correction, that too.
    private void setBack(Instant now) {
        if (newest != null && newest.isAfter(now.plus(CORRECTION))) {
            Instant firing = isFiring ? waiting.pollFirst() : null;
            waiting.removeIf(time -> time.isAfter(now));
            if (firing != null) {
                waiting.addFirst(firing);
            }
            newest = null;
        }
        served = newest != null && newest.isAfter(now) ? newest : now;
        next = resource.timetable().next(served);
    }

    private List<Instant> due(Instant now) {
        if (served.isBefore(now.minus(CatchUp.ON_TIME))) {
            return resource.catchUp().due(resource.timetable(), served, now).times();
        }
        // None is so late that it was missed, so none is left out.
        List<Instant> times = new ArrayList<>();
        for (Instant time = next;
                time != null && !time.isAfter(now);
                time = resource.timetable().next(time)) {
            times.add(time);
        }
        return times;
    }

    /// The time that is to fire now; `null` if there is none, or if it is not to be tried yet.
    @Nullable Instant begin(Instant now, long nanoTime) {
        Instant first = waiting.peekFirst();
        boolean rests = failures > 0 && nanoTime - retryNanos < 0;
        // The clock may have been set back behind a time that had come.
        if (first == null || isFiring || rests || first.isAfter(now)) {
            return null;
        }
        isFiring = true;
        return first;
    }

    /// The time that [#begin] gave has fired.
    ScheduleProgress fired() {
        Instant time = waiting.removeFirst();
        isFiring = false;
        failures = 0;
        problem = null;
        last = time;
        return new ScheduleProgress(millis(time), millis(time));
    }

    /// The time that [#begin] gave has not fired.
    void failed(String why, long nanoTime, List<Duration> delays) {
        isFiring = false;
        problem = why;
        retryNanos = nanoTime + delays.get(Math.min(failures, delays.size() - 1)).toNanos();
        failures++;
    }

    /// How long until there is something to do, by both clocks; 0 if there is now.
    long restNanos(long epochMillis, long nanoTime) {
        long rest = Long.MAX_VALUE;
        if (next != null && waiting.size() < WAITING_MAX) {
            rest = nanosUntil(next, epochMillis);
        }
        Instant first = waiting.peekFirst();
        if (first != null && !isFiring) {
            long retry = failures == 0 ? 0 : Math.max(0, retryNanos - nanoTime);
            rest = Math.min(rest, Math.max(retry, nanosUntil(first, epochMillis)));
        }
        return rest;
    }

    private static long nanosUntil(Instant time, long epochMillis) {
        long millis = Math.max(0, millis(time) - epochMillis);
        return millis > Long.MAX_VALUE / NANOS_OF_MILLI ? Long.MAX_VALUE : millis * NANOS_OF_MILLI;
    }

    @Nullable Instant next() {
        return next;
    }

    @Nullable Instant last() {
        return last;
    }

    ScheduleStatus status() {
        return new ScheduleStatus(resource.name(), next, last, problem, waiting.size());
    }
}

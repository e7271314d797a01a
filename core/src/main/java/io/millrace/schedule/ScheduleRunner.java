package io.millrace.schedule;

import io.millrace.error.MillraceException;
import io.millrace.event.Event;
import io.millrace.io.Agent;
import io.millrace.io.Clock;
import io.millrace.io.Threading;
import io.millrace.io.Wakeup;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Fires schedules when their times come: never early, and as soon after as the system wakes a
/// thread, to the millisecond.
///
/// - It looks at the wall clock at least once a second, so it notices a clock that is set. One that
///   is set forward makes times come at once, those missed by more than a minute as [CatchUp] says.
///   One that is set back by up to three hours fires nothing twice; set back further, it has been
///   corrected, and times may come again, with the ids that their events had before.
/// - Times of one schedule fire in order, one after the other. One that fails is tried again until
///   it has fired; those that come meanwhile wait behind it.
/// - The id of an event follows from the schedule's name and the time. So when the server stops
///   between firing and recording that, what fires again is the same event.
///
/// All methods may be called from any thread; what they ask for happens on the runner's own.
public final class ScheduleRunner implements Agent {
    /// When a time that failed is tried again, at first and after each further failure; the last
    /// one is for all that follow.
    public static final List<Duration> RETRY_DELAYS =
            List.of(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(1));

    private static final long LOOK_NANOS_MAX = Duration.ofSeconds(1).toNanos();

    private final Clock clock;
    private final FireTarget target;
    private final ProgressRecorder recorder;
    private final Map<String, RunningSchedule> schedules = new LinkedHashMap<>();
    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private final Map<String, ScheduleStatus> statuses = new ConcurrentHashMap<>();
    private volatile Wakeup wakeup = () -> {};

    private ScheduleRunner(Clock clock, FireTarget target, ProgressRecorder recorder) {
        this.clock = clock;
        this.target = target;
        this.recorder = recorder;
    }

    /// A runner without schedules, which works until `threading` is closed.
    public static ScheduleRunner start(
            Clock clock, Threading threading, FireTarget target, ProgressRecorder recorder) {
        ScheduleRunner runner = new ScheduleRunner(clock, target, recorder);
        runner.wakeup = threading.run(runner);
        runner.wakeup.wake();
        return runner;
    }

    /// Runs a schedule, or takes a changed one over. A changed timetable counts from now on; if it
    /// is the same, nothing that waits is lost.
    ///
    /// @param progress what has been recorded of a schedule that does not run yet; `null` if it is
    ///   new and counts from now on, which is recorded
    public void put(ScheduleResource schedule, @Nullable ScheduleProgress progress) {
        request(() -> doPut(schedule, progress));
    }

    private void doPut(ScheduleResource schedule, @Nullable ScheduleProgress recorded) {
        RunningSchedule running = schedules.get(schedule.name());
        if (running != null && running.resource().timetable().equals(schedule.timetable())) {
            running.resource(schedule);
            return;
        }
        ScheduleProgress progress = recorded;
        if (running != null || progress == null) {
            Instant last = running == null ? null : running.last();
            Long lastMillis = last == null ? null : RunningSchedule.millis(last);
            progress = new ScheduleProgress(clock.epochMillis(), lastMillis);
            recorder.recorded(schedule.name(), progress);
        }
        RunningSchedule begun = new RunningSchedule(schedule, progress);
        schedules.put(schedule.name(), begun);
        publish(begun);
    }

    /// Ends a schedule. What fires already is not called back.
    ///
    /// @return done when nothing of it is recorded any more
    public CompletableFuture<@Nullable Void> remove(String name) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        request(() -> {
            schedules.remove(name);
            statuses.remove(name);
            done.complete(null);
        });
        return done;
    }

    /// The latest about a schedule; `null` if it does not run.
    public @Nullable ScheduleStatus status(String name) {
        return statuses.get(name);
    }

    private void request(Runnable request) {
        requests.add(request);
        wakeup.wake();
    }

    @Override
    public String name() {
        return "schedules";
    }

    @Override
    public boolean hasWork() {
        return !requests.isEmpty();
    }

    @Override
    public int doWork() {
        int done = 0;
        // Only those that are there now: firing adds more if its target answers at once.
        for (int i = requests.size(); i > 0; i--) {
            Runnable request = requests.poll();
            if (request != null) {
                request.run();
                done++;
            }
        }
        Instant now = Instant.ofEpochMilli(clock.epochMillis());
        for (RunningSchedule schedule : schedules.values()) {
            Instant next = schedule.next();
            schedule.look(now);
            Instant due = schedule.begin(now, clock.nanoTime());
            if (due != null) {
                fire(schedule, due);
                done++;
            }
            if (due != null || !Objects.equals(schedule.next(), next)) {
                publish(schedule);
            }
        }
        return done;
    }

    private void fire(RunningSchedule schedule, Instant due) {
        ScheduleResource resource = schedule.resource();
        CompletableFuture<@Nullable Void> fired;
        try {
            Event event = resource.template().toEvent(resource.name(), due);
            fired = target.fire(resource, event, RunningSchedule.millis(due));
        } catch (RuntimeException e) {
            fired = CompletableFuture.failedFuture(e);
        }
        var _ = fired.whenComplete((_, failure) -> request(() -> finished(schedule, failure)));
    }

    private void finished(RunningSchedule schedule, @Nullable Throwable failure) {
        String name = schedule.resource().name();
        if (schedules.get(name) != schedule) {
            return;
        }
        if (failure == null) {
            recorder.recorded(name, schedule.fired());
        } else {
            schedule.failed(problem(failure), clock.nanoTime(), RETRY_DELAYS);
        }
        publish(schedule);
    }

    private static String problem(Throwable failure) {
        Throwable cause = failure.getCause();
        if (failure instanceof CompletionException && cause != null) {
            return problem(cause);
        }
        String message = failure.getMessage();
        return failure instanceof MillraceException && message != null
                ? message
                : failure.toString();
    }

    private void publish(RunningSchedule schedule) {
        statuses.put(schedule.resource().name(), schedule.status());
    }

    @Override
    public long sleepNanosMax() {
        long epochMillis = clock.epochMillis();
        long nanoTime = clock.nanoTime();
        long rest = schedules.isEmpty() ? Long.MAX_VALUE : LOOK_NANOS_MAX;
        for (RunningSchedule schedule : schedules.values()) {
            rest = Math.min(rest, schedule.restNanos(epochMillis, nanoTime));
        }
        return rest;
    }
}

package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.event.Context;
import io.millrace.event.Event;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedThreads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A runner in simulated time, with a target that remembers what was tried and what has fired.
final class ScheduleHarness {
    /// One call of the target.
    ///
    /// @param atMillis what the clock said then
    /// @param start the number of the runner's start
    record Fire(String id, long dueMillis, long atMillis, int start) {}

    final SimulatedClock clock = new SimulatedClock();
    final Map<String, ScheduleProgress> recorded = new HashMap<>();
    final List<Fire> tried = new ArrayList<>();
    final List<Fire> fired = new ArrayList<>();

    /// What the target answers with; `null` if all is well.
    @Nullable RuntimeException failure;

    /// Answers that the target has not given yet; given at once if there is no list.
    @Nullable List<Runnable> answers;

    private int starts;
    private SimulatedThreads threads;
    ScheduleRunner runner;

    ScheduleHarness() {
        threads = new SimulatedThreads(new Random(0), clock, () -> {});
        runner = ScheduleRunner.start(clock, threads, this::fire, recorded::put);
    }

    /// Leaves the runner as it is, as a crash does, and starts another.
    void restart() {
        starts++;
        int current = starts;
        threads = new SimulatedThreads(new Random(starts), clock, () -> {});
        runner =
                ScheduleRunner.start(
                        clock,
                        threads,
                        this::fire,
                        (name, progress) -> {
                            if (starts == current) {
                                recorded.put(name, progress);
                            }
                        });
    }

    private CompletableFuture<@Nullable Void> fire(
            ScheduleResource schedule, Event event, long dueMillis) {
        Fire fire = new Fire(event.id(), dueMillis, clock.epochMillis(), starts);
        assertThat(fire.atMillis).as("never early: %s", fire).isGreaterThanOrEqualTo(dueMillis);
        tried.add(fire);
        CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
        RuntimeException why = failure;
        Runnable answer =
                () -> {
                    if (why == null) {
                        fired.add(fire);
                        result.complete(null);
                    } else {
                        result.completeExceptionally(why);
                    }
                };
        if (answers == null) {
            answer.run();
        } else {
            answers.add(answer);
        }
        return result;
    }

    /// Lets time pass, in steps.
    void pass(Duration time, long stepMillis) {
        threads.drain();
        for (long left = time.toMillis(); left > 0; left -= stepMillis) {
            clock.advance(Math.min(left, stepMillis));
            threads.drain();
        }
    }

    void pass(Duration time) {
        pass(time, 100);
    }

    Instant now() {
        return Instant.ofEpochMilli(clock.epochMillis());
    }

    /// The times that have fired.
    List<Instant> firedTimes() {
        return fired.stream().map(fire -> Instant.ofEpochMilli(fire.dueMillis)).toList();
    }

    ScheduleStatus status(String name) {
        ScheduleStatus status = runner.status(name);
        if (status == null) {
            throw new AssertionError(name + " does not run");
        }
        return status;
    }

    static ScheduleResource schedule(Timetable timetable) {
        return schedule(timetable, CatchUp.Policy.ONCE, 1);
    }

    static ScheduleResource schedule(Timetable timetable, CatchUp.Policy policy, int timesMax) {
        return new ScheduleResource(
                "clock",
                timetable,
                new CatchUp(policy, timesMax),
                new ScheduleTarget.ToContext(Context.of("/clock")),
                new EventTemplate("com.example.tick", "/schedules/clock", null, null, null));
    }
}

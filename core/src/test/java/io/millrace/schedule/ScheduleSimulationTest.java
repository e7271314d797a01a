package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schedule.ScheduleHarness.Fire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Random lives of one schedule: targets that fail or answer late, clocks that are set, crashes
/// that lose the last record. Every time fires, in order, never early, and twice only if a crash
/// lies between.
final class ScheduleSimulationTest {
    @Test
    void everyTimeFires() {
        for (int seed = 0; seed < 200; seed++) {
            new Life(seed).run();
        }
    }

    private static final class Life {
        private static final int STEPS = 200;

        private final int seed;
        private final Random random;
        private final ScheduleHarness harness = new ScheduleHarness();
        private final Instant begin = harness.now();
        private final ScheduleResource schedule;
        private final List<Runnable> answers = new ArrayList<>();
        private long latestMillis;

        Life(int seed) {
            this.seed = seed;
            random = new Random(seed);
            Duration interval = Duration.ofMillis(5_000 + random.nextInt(15_000));
            Instant anchor = begin.minusMillis(random.nextInt(100_000));
            schedule =
                    ScheduleHarness.schedule(
                            new Every(interval, anchor), CatchUp.Policy.ALL, CatchUp.TIMES_MAX);
            harness.answers = answers;
        }

        void run() {
            harness.runner.put(schedule, null);
            harness.pass(Duration.ZERO);
            for (int step = 0; step < STEPS; step++) {
                step();
                latestMillis = Math.max(latestMillis, harness.clock.epochMillis());
            }
            harness.failure = null;
            answers.forEach(Runnable::run);
            harness.answers = null;
            harness.pass(Duration.ofMillis(latestMillis - harness.clock.epochMillis()), 1_000);
            harness.pass(Duration.ofMinutes(2), 1_000);
            check();
        }

        private void step() {
            int dice = random.nextInt(100);
            if (dice < 50) {
                harness.pass(Duration.ofMillis(random.nextInt(20_000)), 1_000);
            } else if (dice < 85) {
                answer();
            } else if (dice < 92) {
                boolean fails = random.nextInt(3) == 0;
                harness.failure = fails ? new IllegalStateException("out of order") : null;
            } else if (dice < 97) {
                harness.clock.jump(random.nextInt(600_000) - 300_000);
            } else {
                crash();
            }
        }

        private void answer() {
            if (!answers.isEmpty()) {
                answers.removeFirst().run();
                harness.pass(Duration.ZERO);
            }
        }

        private void crash() {
            ScheduleProgress kept = Objects.requireNonNull(harness.recorded.get("clock"));
            if (random.nextBoolean()) {
                // What was fired just before is stored, but not that it was.
                answer();
            }
            boolean lost = random.nextBoolean();
            ScheduleProgress known = lost ? kept : harness.recorded.get("clock");
            harness.recorded.put("clock", known);
            answers.clear();
            harness.clock.advance(random.nextInt(300_000));
            harness.restart();
            harness.runner.put(schedule, known);
            harness.pass(Duration.ZERO);
        }

        private void check() {
            Set<Instant> expected = new HashSet<>();
            Instant end = Instant.ofEpochMilli(latestMillis);
            Instant time = schedule.timetable().next(begin);
            while (time != null && !time.isAfter(end)) {
                expected.add(time);
                time = schedule.timetable().next(time);
            }
            assertThat(harness.firedTimes()).as("seed %d", seed).containsAll(expected);
            Fire before = new Fire("", 0, 0, -1);
            for (Fire fire : harness.fired) {
                if (fire.start() == before.start()) {
                    assertThat(fire.dueMillis())
                            .as("seed %d: %s after %s", seed, fire, before)
                            .isGreaterThan(before.dueMillis());
                }
                before = fire;
            }
        }
    }
}

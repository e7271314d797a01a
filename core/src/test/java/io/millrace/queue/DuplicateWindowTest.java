package io.millrace.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.queue.DuplicateWindow.First;
import io.millrace.simulator.SimulatedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The window against a map, through failures, restarts and clocks that are set.
final class DuplicateWindowTest {
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final long WINDOW_NANOS = WINDOW.toNanos();

    private final SimulatedClock clock = new SimulatedClock();

    @Test
    void theSecondOneIsADuplicateUntilTheWindowIsOver() {
        DuplicateWindow window = new DuplicateWindow(clock, WINDOW);
        assertThat(window.add("/s", "1", new First(4, 17))).isNull();
        clock.advance(WINDOW.toMillis() - 1);
        assertThat(window.find("/s", "1")).isEqualTo(new First(4, 17));
        assertThat(window.add("/s", "1", new First(9, 18))).isEqualTo(new First(4, 17));
        clock.advance(1);
        assertThat(window.find("/s", "1")).isNull();
        assertThat(window.add("/s", "1", new First(9, 18))).isNull();
        assertThat(window.find("/s", "1")).isEqualTo(new First(9, 18));
    }

    @Test
    void sourceAndIdAreNotRunTogether() {
        DuplicateWindow window = new DuplicateWindow(clock, WINDOW);
        window.add("/ab", "c", new First(0, 0));
        assertThat(window.find("/a", "bc")).isNull();
        assertThat(window.find("/ab", "C")).isNull();
        assertThat(window.find("/ab", "c")).isNotNull();
    }

    @Test
    void settingTheClockChangesNothing() {
        DuplicateWindow window = new DuplicateWindow(clock, WINDOW);
        window.add("/s", "1", new First(0, 0));
        clock.jump(Duration.ofDays(1).toMillis());
        assertThat(window.find("/s", "1")).isNotNull();
        clock.jump(-Duration.ofDays(2).toMillis());
        assertThat(window.find("/s", "1")).isNotNull();
        clock.advance(WINDOW.toMillis());
        assertThat(window.find("/s", "1")).isNull();
    }

    @Test
    void aJobFromTheFutureIsRememberedForOneWindowAtMost() {
        DuplicateWindow window = new DuplicateWindow(clock, WINDOW);
        long nextYear = clock.epochMillis() + Duration.ofDays(365).toMillis();
        window.restore("/s", "1", new First(0, 0), nextYear);
        assertThat(window.find("/s", "1")).isNotNull();
        clock.advance(WINDOW.toMillis());
        assertThat(window.find("/s", "1")).isNull();
    }

    @Test
    void aWindowOfZeroRemembersNothing() {
        DuplicateWindow window = new DuplicateWindow(clock, Duration.ZERO);
        assertThat(window.add("/s", "1", new First(0, 0))).isNull();
        assertThat(window.add("/s", "1", new First(0, 1))).isNull();
        window.restore("/s", "2", new First(0, 2), clock.epochMillis());
        assertThat(window.find("/s", "2")).isNull();
        assertThat(window.size()).isZero();
    }

    @Test
    void jobsFromBeforeManyYearsAreNone() {
        DuplicateWindow window = new DuplicateWindow(clock, Duration.ofDays(3660));
        window.restore("/s", "1", new First(0, 0), 0);
        assertThat(window.size()).isZero();
    }

    @Test
    void manyAreToldApartAndLetGoOf() {
        DuplicateWindow window = new DuplicateWindow(clock, WINDOW);
        int count = 300_000;
        for (int i = 0; i < count; i++) {
            assertThat(window.add("/s", "job " + i, new First(i % 10, i)) == null).isTrue();
        }
        for (int i = 0; i < count; i++) {
            First found = window.find("/s", "job " + i);
            assertThat(found != null && found.offset() == i && found.lane() == i % 10).isTrue();
            assertThat(window.find("/t", "job " + i) == null).isTrue();
        }
        assertThat(window.size()).isEqualTo(count);
        clock.advance(WINDOW.toMillis());
        window.expire();
        assertThat(window.size()).isZero();
    }

    @Test
    void agreesWithAMap() {
        for (int seed = 0; seed < 300; seed++) {
            new Life(seed).run();
        }
    }

    /// What the log of a queue holds of a job.
    private record Logged(String id, First job, long recordedMillis) {}

    /// A random life of one window; jobs differ by their ids only.
    private static final class Life {
        private record Entry(First job, long putNanos) {}

        private final int seed;
        private final Random random;
        private final SimulatedClock clock = new SimulatedClock();
        private final Map<String, Entry> model = new HashMap<>();
        private final List<Logged> log = new ArrayList<>();
        private final long[] lastMillis = new long[10];
        private final int ids;
        private DuplicateWindow window = new DuplicateWindow(clock, WINDOW);
        private long offset;

        Life(int seed) {
            this.seed = seed;
            random = new Random(seed);
            // Few of them meet again and again, many make the tables grow.
            ids = random.nextBoolean() ? 30 : 3_000;
        }

        void run() {
            for (int step = 0; step < 2_000; step++) {
                int dice = random.nextInt(100);
                if (dice < 55) {
                    add(random.nextInt(10) == 0);
                } else if (dice < 80) {
                    find();
                } else if (dice < 95) {
                    clock.advance(random.nextInt(20_000));
                } else if (dice < 97) {
                    clock.jump(random.nextInt(4_000_000) - 2_000_000);
                } else if (dice < 99) {
                    window.expire();
                } else {
                    step(step);
                }
            }
            for (int i = 0; i < ids; i++) {
                assertFound("job " + i);
            }
        }

        /// Rare things.
        private void step(int step) {
            if (step % 2 == 0) {
                restart();
            } else {
                clock.advance(WINDOW.toMillis() - 1 + random.nextInt(3));
            }
        }

        private @Nullable First expected(String id) {
            Entry entry = model.get(id);
            return entry != null && clock.nanoTime() - entry.putNanos < WINDOW_NANOS
                    ? entry.job
                    : null;
        }

        private void assertFound(String id) {
            assertThat(window.find("/s", id)).as("seed %d, %s", seed, id).isEqualTo(expected(id));
        }

        private void find() {
            assertFound("job " + random.nextInt(ids));
        }

        private void add(boolean failing) {
            String id = "job " + random.nextInt(ids);
            First job = new First(random.nextInt(10), offset++);
            First before = expected(id);
            assertThat(window.add("/s", id, job)).as("seed %d, %s", seed, id).isEqualTo(before);
            if (failing) {
                // Also one that is a duplicate: then the first stays.
                window.remove("/s", id, job);
                if (before == null) {
                    model.remove(id);
                }
            } else if (before == null) {
                // As logs do: their times never go back within a lane.
                long recorded = Math.max(lastMillis[job.lane()], clock.epochMillis());
                lastMillis[job.lane()] = recorded;
                log.add(new Logged(id, job, recorded));
                model.put(id, new Entry(job, clock.nanoTime()));
            }
        }

        private void restart() {
            window = new DuplicateWindow(clock, WINDOW);
            model.clear();
            Collections.shuffle(log, random);
            for (Logged each : log) {
                window.restore("/s", each.id, each.job, each.recordedMillis);
                long age = Math.max(0, clock.epochMillis() - each.recordedMillis);
                Entry entry = new Entry(each.job, clock.nanoTime() - age * 1_000_000);
                model.merge(each.id, entry, (a, b) -> b.putNanos > a.putNanos ? b : a);
            }
        }
    }
}

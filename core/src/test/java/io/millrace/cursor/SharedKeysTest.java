package io.millrace.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Lanes that share the order of their keys.
///
/// `-Dlanes.simulation.seeds=1000` says how many lives, `-Dlanes.simulation.from=0` where to begin.
final class SharedKeysTest {
    private static final CursorConfig CONFIG =
            new CursorConfig(
                    10_000,
                    10_000,
                    Integer.MAX_VALUE,
                    new RetryDelays(Duration.ZERO, Duration.ofMillis(100)),
                    true);
    private static final int STEPS = 300;

    @Test
    void oneOfAKeyIsUnderWayInAllLanes() {
        long from = Long.getLong("lanes.simulation.from", 0);
        long seeds = Long.getLong("lanes.simulation.seeds", 1000);
        for (long seed = from; seed < from + seeds; seed++) {
            Life life = new Life(seed);
            try {
                life.run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed %d failed; run it alone with -Dlanes.simulation.from=%d -Dlanes.simulation.seeds=1"
                                .formatted(seed, seed),
                        e);
            }
        }
    }

    /// Lanes that did not share an order when they were written have given out one each.
    @Test
    void ofSeveralThatWereStartedTheHighestGoesFirst() {
        Life life = new Life(7);
        List<Lease> given = new ArrayList<>();
        for (Lane lane : life.lanes) {
            lane.cursor.unshare();
            lane.jobs.add(new Job(5));
            given.addAll(lane.receive(1, life.now));
        }
        assertThat(given).hasSize(3);
        life.crash();
        assertThat(life.receive(10)).isEmpty();
        life.now += 2 * Lane.LEASE_MILLIS;
        life.lanes.forEach(lane -> lane.endLeases(life.now));
        for (int lane = 2; lane >= 0; lane--) {
            List<Lease> next = life.receive(10);
            assertThat(next).hasSize(1);
            assertThat(next.getFirst().token().partition()).isEqualTo(lane);
            life.lanes.get(lane).settle(next.getFirst(), new Settlement.Complete(), life.now);
        }
        assertThat(life.receive(10)).isEmpty();
    }

    @Test
    void whoLeavesHoldsNothingBack() {
        Life life = new Life(7);
        life.lanes.get(0).jobs.add(new Job(5));
        life.lanes.get(1).jobs.add(new Job(5));
        assertThat(life.receive(10)).hasSize(1);
        life.lanes.get(1).cursor.unshare();
        assertThat(life.lanes.get(0).receive(10, life.now)).hasSize(1);
    }

    private enum State {
        NEW,
        LEASED,
        WAITING,
        GONE
    }

    /// What is known of a job outside.
    private static final class Job {
        final long key;
        State state = State.NEW;
        long waitsUntil;

        /// Set aside once: it has no place in the order of its key any more.
        boolean isFree;

        Job(long key) {
            this.key = key;
        }
    }

    private static final class Lane {
        static final long LEASE_MILLIS = 200;
        final int number;
        final List<Job> jobs = new ArrayList<>();
        final List<CursorRecord> written = new ArrayList<>();
        Cursor cursor;

        Lane(int number) {
            this.number = number;
            this.cursor = new Cursor(number, CONFIG, 0);
        }

        void apply(@Nullable CursorRecord record) {
            if (record != null) {
                written.add(record);
                cursor.apply(record);
            }
        }

        List<Lease> receive(int max, long now) {
            Dispenser.Decision decision =
                    new Dispenser(cursor)
                            .receive(max, now, LEASE_MILLIS, new Jobs(this), _ -> true);
            apply(decision.record());
            return decision.leases();
        }

        SettleReply settle(Lease lease, Settlement settlement, long now) {
            Settler.Decision decision = new Settler(cursor).settle(lease.token(), settlement, now);
            apply(decision.record());
            return decision.reply();
        }

        void endLeases(long now) {
            new Settler(cursor).endLeases(now, Integer.MAX_VALUE).forEach(this::apply);
        }
    }

    private static final class Life {
        final Random random;
        final List<Lane> lanes = List.of(new Lane(0), new Lane(1), new Lane(2));
        final List<Lease> given = new ArrayList<>();
        long now = 1_000;

        Life(long seed) {
            random = new Random(seed);
            share();
        }

        private void share() {
            SharedKeys keys = new SharedKeys();
            int first = random.nextInt(lanes.size());
            for (int i = 0; i < lanes.size(); i++) {
                Lane lane = lanes.get((first + i) % lanes.size());
                lane.cursor.share(keys, key -> lane.cursor.freed(key));
            }
        }

        void crash() {
            for (Lane lane : lanes) {
                lane.cursor = new Cursor(lane.number, CONFIG, 0);
                lane.written.forEach(lane.cursor::apply);
                if (random.nextBoolean()) {
                    lane.cursor = Cursor.restored(lane.number, CONFIG, lane.cursor.snapshot());
                }
            }
            share();
        }

        List<Lease> receive(int max) {
            List<Lease> taken = new ArrayList<>();
            for (int lane = lanes.size() - 1; lane >= 0; lane--) {
                taken.addAll(lanes.get(lane).receive(max - taken.size(), now));
            }
            return taken;
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                int dice = random.nextInt(100);
                if (dice < 30) {
                    put();
                } else if (dice < 60) {
                    check(random.nextInt(3) == 0 ? random.nextInt(4) : 1_000);
                } else if (dice < 85) {
                    settle();
                } else if (dice < 95) {
                    pass();
                } else {
                    crash();
                }
            }
        }

        private void put() {
            lanes.get(random.nextInt(3)).jobs.add(new Job(random.nextInt(4)));
        }

        private void pass() {
            now += random.nextInt(150);
            for (Lane lane : lanes) {
                for (long offset : lane.cursor.offsets()) {
                    Held held = Objects.requireNonNull(lane.cursor.held(offset));
                    if (held.state() == Held.State.LEASED && held.timeMillis() <= now) {
                        Job job = lane.jobs.get((int) offset);
                        job.state = State.WAITING;
                        job.waitsUntil = now + (held.failures() == 0 ? 0 : 100);
                    }
                }
                lane.endLeases(now);
            }
        }

        /// Takes, and compares what came with what may.
        private void check(int max) {
            Set<Job> expected = expected();
            List<Lease> taken = receive(max);
            given.addAll(taken);
            Set<Job> came = new HashSet<>();
            for (Lease lease : taken) {
                came.add(job(lease));
            }
            assertThat(came).hasSameSizeAs(taken);
            assertThat(expected).containsAll(came);
            assertThat(came).hasSize(Math.min(max, expected.size()));
            came.forEach(job -> job.state = State.LEASED);
        }

        private Job job(Lease lease) {
            return lanes.get(lease.token().partition()).jobs.get((int) lease.token().offset());
        }

        private Set<Job> expected() {
            Set<Job> expected = new HashSet<>();
            for (long key = 0; key < 4; key++) {
                expectOf(key, expected);
            }
            return expected;
        }

        private void expectOf(long key, Set<Job> expected) {
            List<Job> inOrder = new ArrayList<>();
            for (int lane = lanes.size() - 1; lane >= 0; lane--) {
                inOrder.addAll(pending(lanes.get(lane), key));
            }
            List<Job> started =
                    inOrder.stream()
                            .filter(job -> job.state != State.NEW && !(key == 0 || job.isFree))
                            .toList();
            assertThat(started).hasSizeLessThanOrEqualTo(1);
            for (Job job : inOrder) {
                boolean isBound = key != 0 && !job.isFree;
                boolean isReady = job.state != State.LEASED && job.waitsUntil <= now;
                if (isReady && (!isBound || started.isEmpty() || started.contains(job))) {
                    expected.add(job);
                    started = isBound ? List.of(job) : started;
                }
            }
        }

        private static List<Job> pending(Lane lane, long key) {
            return lane.jobs.stream()
                    .filter(job -> job.key == key && job.state != State.GONE)
                    .toList();
        }

        private void settle() {
            if (given.isEmpty()) {
                return;
            }
            Lease lease = given.remove(random.nextInt(given.size()));
            Job job = job(lease);
            Lane lane = lanes.get(lease.token().partition());
            Settlement settlement =
                    switch (random.nextInt(5)) {
                        case 0 -> new Settlement.Release(random.nextInt(100), false);
                        case 1 -> new Settlement.Release(random.nextInt(100), true);
                        case 2 -> new Settlement.Defer();
                        default -> new Settlement.Complete();
                    };
            Held held = lane.cursor.held(lease.token().offset());
            int failures = held == null ? 0 : held.failures();
            if (lane.settle(lease, settlement, now) != SettleReply.DONE) {
                return;
            }
            if (settlement instanceof Settlement.Release(long delay, boolean failed)) {
                job.state = State.WAITING;
                long retry = failed && failures > 0 ? 100 : 0;
                job.waitsUntil = now + Math.max(delay, failed ? retry : 0);
            } else if (settlement instanceof Settlement.Defer) {
                job.state = State.GONE;
                fetch(lane, lease, job);
            } else {
                job.state = State.GONE;
            }
        }

        /// What was set aside goes its own way, whatever is under way of its key.
        private void fetch(Lane lane, Lease lease, Job job) {
            Dispenser.Decision decision =
                    new Dispenser(lane.cursor)
                            .fetchDeferred(lease.token().offset(), now, Lane.LEASE_MILLIS);
            lane.apply(decision.record());
            given.addAll(decision.leases());
            job.state = State.LEASED;
            job.isFree = true;
        }
    }

    /// The jobs of a lane as its cursor sees them.
    private static final class Jobs implements Candidates {
        private final Lane lane;
        private long scanned;

        Jobs(Lane lane) {
            this.lane = lane;
            this.scanned = lane.cursor.frontier();
        }

        @Override
        public long next(long from) {
            return scanned < lane.jobs.size() ? scanned++ : -1;
        }

        @Override
        public long key() {
            return lane.jobs.get((int) scanned - 1).key;
        }

        @Override
        public long dueMillis() {
            return 0;
        }

        @Override
        public long scannedTo() {
            return scanned;
        }

        @Override
        public long filtered() {
            return 0;
        }
    }
}

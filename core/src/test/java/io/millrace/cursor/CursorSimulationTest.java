package io.millrace.cursor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random lives of a cursor, compared step by step with [CursorModel], with crashes anywhere.
///
/// `-Dcursor.simulation.seeds=10000` says how many, `-Dcursor.simulation.from=0` where to begin.
final class CursorSimulationTest {
    private static final int STEPS = 300;

    @Test
    void aCursorIsWhatTheModelSays() {
        long from = Long.getLong("cursor.simulation.from", 0);
        long seeds = Long.getLong("cursor.simulation.seeds", 10_000);
        for (long seed = from; seed < from + seeds; seed++) {
            Life life = new Life(seed);
            try {
                life.run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed %d failed; run it alone with -Dcursor.simulation.from=%d"
                                .concat(" -Dcursor.simulation.seeds=1%n  %s")
                                .formatted(seed, seed, String.join("\n  ", life.last(40))),
                        e);
            }
        }
    }

    private static final class Life {
        private final Random random;
        private final CursorConfig config;
        private final CursorModel model;
        private final List<Lease> given = new ArrayList<>();
        private final List<byte[]> journal = new ArrayList<>();
        private final List<String> history = new ArrayList<>();
        private byte[] snapshot;
        private Cursor cursor;
        private long now = 1_000_000;

        Life(long seed) {
            random = new Random(seed);
            config =
                    new CursorConfig(
                            1 + random.nextInt(random.nextBoolean() ? 8 : 200),
                            1 + random.nextInt(random.nextBoolean() ? 3 : 200),
                            1 + random.nextInt(4),
                            new RetryDelays(
                                    Duration.ofMillis(random.nextInt(50)),
                                    Duration.ofMillis(random.nextInt(500))),
                            random.nextBoolean());
            model = new CursorModel(config);
            cursor = new Cursor(0, config, 0);
            snapshot = CursorCodec.encode(cursor.snapshot());
        }

        List<String> last(int count) {
            return history.subList(Math.max(0, history.size() - count), history.size());
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                step();
                check();
            }
        }

        private void step() {
            int dice = random.nextInt(100);
            if (dice < 25) {
                publish();
            } else if (dice < 50) {
                receive();
            } else if (dice < 75) {
                settle();
            } else if (dice < 82) {
                now += random.nextInt(random.nextInt(4) == 0 ? 2000 : 60);
            } else if (dice < 88) {
                endLeases();
            } else if (dice < 91) {
                fetchDeferred();
            } else if (dice < 92) {
                cancel();
            } else if (dice < 93) {
                expire();
            } else if (dice < 94) {
                seekOrPurge();
            } else if (dice < 96) {
                ripen();
            } else if (dice < 98) {
                snapshot = CursorCodec.encode(cursor.snapshot());
                journal.clear();
            } else {
                crash();
            }
        }

        private void publish() {
            int count = 1 + random.nextInt(6);
            for (int i = 0; i < count; i++) {
                long key = random.nextInt(3) == 0 ? 0 : 1L + random.nextInt(4);
                long due = random.nextInt(4) == 0 ? now + random.nextInt(400) : 0;
                model.log.add(new CursorModel.Stored(random.nextInt(4) > 0, key, due));
            }
        }

        private void apply(@Nullable CursorRecord record) {
            if (record != null) {
                byte[] bytes = CursorCodec.encode(record);
                assertThat(CursorCodec.decode(bytes)).isEqualTo(record);
                journal.add(bytes);
                cursor.apply(record);
                history.add(record.toString());
            }
        }

        private void receive() {
            int max = random.nextInt(8);
            long lease = 1L + random.nextInt(300);
            int modulus = 1 + random.nextInt(3);
            LongPredicate atHand = offset -> modulus == 1 || offset % modulus == 0;
            Dispenser.Decision decision =
                    new Dispenser(cursor)
                            .receive(max, now, lease, new ModelCandidates(model), atHand);
            assertThat(decision.leases()).isEqualTo(model.receive(max, now, lease, atHand));
            apply(decision.record());
            given.addAll(decision.leases());
        }

        private void settle() {
            if (given.isEmpty()) {
                return;
            }
            LeaseToken token = given.get(random.nextInt(given.size())).token();
            if (random.nextInt(20) == 0) {
                token = new LeaseToken(random.nextInt(2), token.offset() + 1, token.number() + 1);
            }
            Settlement settlement = settlement();
            Settler.Decision decision = new Settler(cursor).settle(token, settlement, now);
            history.add(token + " " + settlement + " " + decision.reply());
            assertThat(decision.reply()).isEqualTo(model.settle(token, settlement, now));
            apply(decision.record());
        }

        private Settlement settlement() {
            return switch (random.nextInt(8)) {
                case 0 -> new Settlement.Release(random.nextInt(100), false);
                case 1 -> new Settlement.Release(random.nextInt(100), true);
                case 2 -> new Settlement.Reject();
                case 3 -> new Settlement.Defer();
                case 4 -> new Settlement.Renew(1L + random.nextInt(400));
                default -> new Settlement.Complete();
            };
        }

        private void endLeases() {
            int max = 1 + random.nextInt(10);
            List<CursorRecord> records = new Settler(cursor).endLeases(now, max);
            assertThat(records).hasSameSizeAs(model.endLeases(now, max));
            records.forEach(this::apply);
        }

        private void fetchDeferred() {
            long offset = random.nextInt(model.log.size() + 1);
            Dispenser.Decision decision = new Dispenser(cursor).fetchDeferred(offset, now, 100);
            Lease expected = model.fetchDeferred(offset, now, 100);
            assertThat(decision.leases())
                    .isEqualTo(expected == null ? List.of() : List.of(expected));
            apply(decision.record());
            given.addAll(decision.leases());
        }

        private void cancel() {
            int ahead = (int) (model.log.size() - model.frontier);
            if (ahead > 0) {
                long offset = model.frontier + random.nextInt(ahead);
                if (model.log.get((int) offset).wanted() && model.cancelled.add(offset)) {
                    model.taken++;
                    model.settled++;
                    apply(new CursorRecord.Cancelled(offset));
                }
            }
        }

        private void expire() {
            if (!model.items.isEmpty()) {
                long offset = model.items.firstKey();
                model.expire(offset);
                apply(new CursorRecord.Expired(offset));
            }
        }

        private void ripen() {
            int max = 1 + random.nextInt(5);
            CursorRecord.Ripened record = new Dispenser(cursor).ripen(now, max);
            assertThat(record == null ? List.of() : record.offsets())
                    .isEqualTo(model.ripen(now, max));
            apply(record);
        }

        private void seekOrPurge() {
            if (random.nextBoolean()) {
                long unseen = model.log.size() - model.frontier;
                model.purge();
                apply(new CursorRecord.Purged(model.log.size(), unseen));
                return;
            }
            long to = random.nextInt(model.log.size() + 1);
            model.move(to);
            apply(new CursorRecord.Moved(to));
        }

        /// Everything is forgotten but what was written.
        private void crash() {
            history.add("crash");
            cursor = Cursor.restored(0, config, CursorCodec.decodeSnapshot(snapshot));
            journal.forEach(bytes -> cursor.apply(CursorCodec.decode(bytes)));
        }

        private void check() {
            assertThat(cursor.snapshot()).isEqualTo(model.snapshot());
            assertThat(cursor.counts().isBalanced()).isTrue();
            assertThat(cursor.floor())
                    .isEqualTo(model.items.isEmpty() ? model.frontier : model.items.firstKey());
            assertThat(cursor.nextMillis()).isEqualTo(model.nextMillis());
        }
    }

    /// The model's log as a cursor sees it.
    private static final class ModelCandidates implements Candidates {
        private final CursorModel model;
        private long scanned;
        private long key;
        private long filtered;

        ModelCandidates(CursorModel model) {
            this.model = model;
            this.scanned = model.frontier;
        }

        @Override
        public long next(long from) {
            while (scanned < model.log.size()) {
                CursorModel.Stored stored = model.log.get((int) scanned++);
                if (stored.wanted()) {
                    key = stored.key();
                    return scanned - 1;
                }
                filtered++;
            }
            return -1;
        }

        @Override
        public long key() {
            return key;
        }

        @Override
        public long dueMillis() {
            return model.log.get((int) scanned - 1).due();
        }

        @Override
        public long scannedTo() {
            return scanned;
        }

        @Override
        public long filtered() {
            return filtered;
        }
    }
}

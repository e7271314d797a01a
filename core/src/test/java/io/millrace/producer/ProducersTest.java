package io.millrace.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.FileDisk;
import io.millrace.log.ProducedBatch;
import io.millrace.log.StoredBatch;
import io.millrace.log.batch.BatchFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random lives of producers, with restarts anywhere, compared with [ProducerModel] at each step.
final class ProducersTest {
    private static final int LIVES = 300;
    private static final int STEPS = 150;
    private static final int PRODUCERS = 3;

    @TempDir Path folder;

    @Test
    void everyAnswerIsTheModels() throws IOException {
        long seed = new Random().nextLong();
        for (int life = 0; life < LIVES; life++) {
            try {
                new Life(new Random(seed + life)).run();
            } catch (AssertionError e) {
                throw new AssertionError("seed %d, life %d".formatted(seed, life), e);
            }
        }
    }

    private final class Life {
        private final Random random;
        private final ProducerModel model = new ProducerModel();
        private Producers producers = new Producers();

        Life(Random random) {
            this.random = random;
        }

        void run() throws IOException {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(12)) {
                    case 0, 1 -> mark();
                    case 2 -> restart();
                    default -> produce();
                }
                compare();
            }
        }

        private void produce() {
            long id = random.nextInt(PRODUCERS);
            ProducerModel.Entry like = wanted(id);
            ProducerModel.Answer answer = model.answer(like);
            ProducedBatch batch = batch(like);
            ErrorCode refused = null;
            long known = -1;
            try {
                known = producers.duplicateOf(batch);
            } catch (MillraceException e) {
                refused = e.code();
            }
            assertThat(new ProducerModel.Answer(known, refused))
                    .as(like.toString())
                    .isEqualTo(answer);
            if (known < 0 && refused == null) {
                assertThat(producers.undecidedWith(batch, like.baseOffset()))
                        .isLessThanOrEqualTo(
                                like.isTransactional() ? like.baseOffset() : Producers.NONE);
                producers.appended(batch, like.baseOffset(), 0);
                model.log.add(like);
            }
        }

        /// One that follows, comes again, leaves a gap, or is of another epoch.
        private ProducerModel.Entry wanted(long id) {
            var own = model.log.stream().filter(e -> e.producerId() == id).toList();
            short epoch = own.isEmpty() ? 0 : own.getLast().producerEpoch();
            var run =
                    own.stream()
                            .filter(e -> e.producerEpoch() == epoch && e.marker() == null)
                            .toList();
            int count = 1 + random.nextInt(3);
            int sequence =
                    own.isEmpty() && random.nextBoolean()
                            ? Integer.MAX_VALUE - random.nextInt(4)
                            : 0;
            short wantedEpoch = epoch;
            if (!run.isEmpty()) {
                ProducerModel.Entry last = run.getLast();
                sequence = (int) (((long) last.baseSequence() + last.count()) & Integer.MAX_VALUE);
                if (random.nextInt(4) == 0) {
                    ProducerModel.Entry again = run.get(random.nextInt(run.size()));
                    sequence = again.baseSequence();
                    count = again.count();
                }
            }
            if (random.nextInt(8) == 0) {
                sequence = random.nextInt(5);
            }
            if (random.nextInt(8) == 0) {
                wantedEpoch += (short) (random.nextBoolean() ? 1 : -1);
                wantedEpoch = (short) Math.max(0, wantedEpoch);
            }
            boolean isTransactional = id > 0 && random.nextInt(10) > 0;
            long offset = model.end();
            return new ProducerModel.Entry(
                    offset, offset + count, id, wantedEpoch, sequence, isTransactional, null);
        }

        private void mark() {
            long id = 1L + random.nextInt(PRODUCERS - 1);
            var own = model.log.stream().filter(e -> e.producerId() == id).toList();
            short last = own.isEmpty() ? 0 : own.getLast().producerEpoch();
            short epoch = (short) Math.max(0, last + random.nextInt(3) - 1);
            boolean isCommit = random.nextBoolean();
            TransactionEnd end = new TransactionEnd(id, epoch, 1, isCommit);
            boolean isFenced = !own.isEmpty() && epoch < last;
            boolean isRefused = false;
            try {
                producers.check(end);
            } catch (MillraceException e) {
                isRefused = true;
            }
            assertThat(isRefused).isEqualTo(isFenced);
            if (!isRefused) {
                long offset = model.end();
                long before = producers.undecided();
                producers.ended(end, offset, 0);
                assertThat(producers.undecided()).isEqualTo(before);
                model.log.add(
                        new ProducerModel.Entry(
                                offset,
                                offset + 1,
                                id,
                                epoch,
                                -1,
                                true,
                                new StoredBatch.Marker(isCommit, 1)));
                producers.stored(offset + 1);
            }
        }

        /// From a snapshot at some moment and the log behind, or from the log alone.
        private void restart() throws IOException {
            long offset = 0;
            Producers restored = new Producers();
            if (random.nextBoolean()) {
                new FileDisk().createFolders(folder);
                ProducerSnapshot.of(producers, model.end()).write(new FileDisk(), folder, false);
                for (int i = random.nextInt(4); i > 0; i--) {
                    produce();
                }
                var read = ProducerSnapshot.read(new FileDisk(), folder, model.end());
                ProducerSnapshot.Restored found = Objects.requireNonNull(read);
                offset = found.offset();
                restored = found.producers();
            }
            for (ProducerModel.Entry entry : model.log) {
                if (entry.baseOffset() >= offset) {
                    restored.recover(entry, 0);
                }
            }
            restored.stored(Long.MAX_VALUE);
            producers = restored;
        }

        private void compare() {
            assertThat(producers.undecided()).isEqualTo(model.undecided(PRODUCERS));
            for (ProducerModel.Entry entry : model.log) {
                if (entry.isTransactional() && entry.marker() == null) {
                    assertThat(
                                    producers
                                            .aborted()
                                            .isAborted(entry.producerId(), entry.baseOffset()))
                            .as(entry.toString())
                            .isEqualTo(model.isAborted(entry));
                }
            }
        }
    }

    private static ProducedBatch batch(ProducerModel.Entry like) {
        ByteBuffer bytes = ByteBuffer.allocate(BatchFormat.HEADER_BYTES);
        bytes.putInt(BatchFormat.LENGTH_AT, BatchFormat.HEADER_BYTES - BatchFormat.LENGTH_OVERHEAD);
        int attributes = like.isTransactional() ? BatchFormat.TRANSACTIONAL_BIT : 0;
        bytes.putShort(BatchFormat.ATTRIBUTES_AT, (short) attributes);
        bytes.putInt(BatchFormat.LAST_OFFSET_DELTA_AT, like.count() - 1);
        bytes.putLong(BatchFormat.PRODUCER_ID_AT, like.producerId());
        bytes.putShort(BatchFormat.PRODUCER_EPOCH_AT, like.producerEpoch());
        bytes.putInt(BatchFormat.BASE_SEQUENCE_AT, like.baseSequence());
        return new ProducedBatch(bytes.array(), 0);
    }

    @Test
    void aSnapshotThatIsNotSoundIsNone() throws IOException {
        FileDisk disk = new FileDisk();
        Producers producers = new Producers();
        ProducerSnapshot.of(producers, 5).write(disk, folder, true);
        assertThat(found(disk, 5)).isNotNull();
        assertThat(found(disk, 4)).isNull();
        java.nio.file.Files.write(folder.resolve(ProducerSnapshot.FILE), new byte[20]);
        assertThat(found(disk, 5)).isNull();
    }

    private ProducerSnapshot.@Nullable Restored found(FileDisk disk, long end) throws IOException {
        return ProducerSnapshot.read(disk, folder, end);
    }
}

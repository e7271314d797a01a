package io.millrace.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.DiskFile;
import io.millrace.log.batch.BatchFormat;
import io.millrace.log.segment.Checkpoint;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What opening makes of files that were cut or damaged anywhere.
@ParameterizedClass
@EnumSource
final class RecoveryTest {
    /// Who made the batches.
    enum Writer {
        LOG,
        PRODUCER,
        IDEMPOTENT_PRODUCER,
        COMPRESSING_PRODUCER
    }

    @Parameter Writer writer = Writer.LOG;

    private static final String FILE = "00000000000000000000.log";
    private static final int BATCHES = 6;

    private final SimulatedDisk disk = new SimulatedDisk(new Random(1));
    private final Path folder = Path.of("/data/0");
    private byte[] whole = new byte[0];
    private final List<Integer> ends = new ArrayList<>();

    /// Six batches of two records, each flushed before the next, as a crash leaves them: with the
    /// checkpoint of the beginning.
    @Test
    void anErrorOfTheDiskIsNotTakenForDamage() throws IOException {
        Log log = open().log();
        disk.failNext(SimulatedDisk.Call.READ, 0);
        assertThatThrownBy(() -> log.read(0, 100))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_READ_FAILED))
                .hasMessageContaining(FILE)
                .hasMessageContaining("position 0");
        assertThat(log.read(0, 100).isEmpty()).as("the next read works").isFalse();
    }

    @BeforeEach
    void write() throws IOException {
        Log log = open().log();
        for (int i = 0; i < BATCHES; i++) {
            append(log, i);
            log.flush();
            ends.add((int) log.sizeBytes());
        }
        whole = Arrays.copyOf(get(folder.resolve(FILE)), ends.getLast());
        Path checkpoint = folder.resolve(Checkpoint.FILE);
        byte[] first = get(checkpoint);
        log.close();
        put(checkpoint, first);
    }

    private void append(Log log, int i) {
        // What says nothing about a flush where the log's own batches do: as some clients have it.
        Produced.By nobody = new Produced.By(-1, (short) 0, 0, false);
        List<SimpleRecord> records =
                List.of(
                        Produced.record(1000 + i, null, "a" + i),
                        Produced.record(1000 + i, null, "b" + i));
        switch (writer) {
            case LOG -> log.append(Bodies.values("a" + i, "b" + i), 1000 + i);
            case PRODUCER -> log.append(Produced.batch(CompressionType.NONE, nobody, records));
            case IDEMPOTENT_PRODUCER ->
                    log.append(
                            Produced.batch(
                                    CompressionType.NONE,
                                    Produced.By.idempotent(4, 2 * i),
                                    records));
            case COMPRESSING_PRODUCER ->
                    log.append(
                            Produced.batch(
                                    CompressionType.LZ4,
                                    Produced.By.transaction(4, 2 * i),
                                    records));
        }
    }

    private void put(Path path, byte[] bytes) throws IOException {
        disk.createFolders(java.util.Objects.requireNonNull(path.getParent()));
        try (DiskFile file = disk.open(path)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    private byte[] get(Path path) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) disk.size(path));
        try (DiskFile file = disk.open(path)) {
            file.read(bytes, 0);
        }
        return bytes.array();
    }

    private FileLogs.Opened open() throws IOException {
        return new FileLogs(disk, new SimulatedClock()).open(folder, LogConfig.DEFAULT);
    }

    private static List<String> values(Log log) {
        List<String> values = new ArrayList<>();
        long offset = log.startOffset();
        while (offset < log.readableOffset()) {
            try {
                LogSlice slice = log.read(offset, 100);
                slice.forEach(r -> values.add(Objects.requireNonNull(r.value()).toUtf8()));
                offset = slice.nextOffset();
            } catch (MillraceException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_CORRUPT);
                assertThat(e).hasMessageContaining(FILE).hasMessageContaining("position");
                long next = log.nextIntactOffset(offset);
                assertThat(next).isGreaterThan(offset);
                offset = next;
            }
        }
        return values;
    }

    private static List<String> written(int batches) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            values.addAll(List.of("a" + i, "b" + i));
        }
        return values;
    }

    @Test
    void aFileThatIsCutAnywhereKeepsItsWholeBatches() throws IOException {
        for (int cut = 0; cut <= whole.length; cut++) {
            Path copy = folder.resolve("cut" + cut);
            put(copy.resolve(FILE), Arrays.copyOf(whole, cut));
            FileLogs.Opened opened =
                    new FileLogs(disk, new SimulatedClock()).open(copy, LogConfig.DEFAULT);
            int position = cut;
            int batches = (int) ends.stream().filter(end -> end <= position).count();
            try (Log log = opened.log()) {
                assertThat(values(log)).as("cut at %d", cut).isEqualTo(written(batches));
                assertThat(opened.report().damages()).isEmpty();
                int end = batches == 0 ? 0 : ends.get(batches - 1);
                // A batch begins with zeros, and zeros are no record that was torn.
                int torn = isBlank(end, cut) ? 0 : cut - end;
                assertThat(opened.report().bytesCut()).isEqualTo(torn);
                assertThat(disk.size(copy.resolve(FILE))).isEqualTo(end);
                assertThat(log.append(Bodies.values("next"), 1)).isEqualTo(2L * batches);
            }
        }
    }

    private boolean isBlank(int from, int to) {
        for (int i = from; i < to; i++) {
            if (whole[i] != 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void roomThatWasNotUsedIsNoDamage() throws IOException {
        Path folder = Path.of("/data/room");
        FileLogs logs = new FileLogs(disk, new SimulatedClock());
        Log log = logs.open(folder, LogConfig.DEFAULT).log();
        log.append(Bodies.values("a", "b"), 1);
        log.flush();
        assertThat(disk.size(folder.resolve(FILE))).isGreaterThan(log.sizeBytes());
        disk.crash();

        FileLogs.Opened opened = logs.open(folder, LogConfig.DEFAULT);
        try (Log again = opened.log()) {
            assertThat(opened.report().cuts()).isEmpty();
            assertThat(opened.report().damages()).isEmpty();
            assertThat(values(again)).containsExactly("a", "b");
            assertThat(disk.size(folder.resolve(FILE))).isEqualTo(again.sizeBytes());
            again.append(Bodies.values("c"), 2);
        }
        assertThat(disk.size(folder.resolve(FILE)))
                .as("a log that was closed has no room left")
                .isLessThan(1 << 10);
    }

    @Test
    void aFullDiskTakesTheRoomAndNotTheRecord() throws IOException {
        Path folder = Path.of("/data/full");
        try (Log log =
                new FileLogs(disk, new SimulatedClock()).open(folder, LogConfig.DEFAULT).log()) {
            disk.failNext(SimulatedDisk.Call.WRITE, 0);
            assertThat(log.append(Bodies.values("a"), 1)).isZero();
            log.flush();
            assertThat(disk.size(folder.resolve(FILE))).isEqualTo(log.sizeBytes());
        }
    }

    @Test
    void aFlippedBitAnywhereCostsAtMostItsBatchAndIsReported() throws IOException {
        int last = ends.get(BATCHES - 2);
        for (int position = 0; position < last; position++) {
            byte[] damaged = whole.clone();
            damaged[position] ^= (byte) (1 << position % 8);
            Path copy = folder.resolve("flip" + position);
            put(copy.resolve(FILE), damaged);
            FileLogs.Opened opened =
                    new FileLogs(disk, new SimulatedClock()).open(copy, LogConfig.DEFAULT);
            int at = position;
            int hit = (int) ends.stream().filter(end -> end <= at).count();
            try (Log log = opened.log()) {
                List<String> left = new ArrayList<>(written(BATCHES));
                boolean isUnused = isLeaderEpoch(position - (hit == 0 ? 0 : ends.get(hit - 1)));
                if (!isUnused) {
                    left.removeAll(List.of("a" + hit, "b" + hit));
                    assertThat(opened.report().damages()).as("flip at %d", position).hasSize(1);
                    RecoveryReport.Damage damage = opened.report().damages().getFirst();
                    assertThat(damage.fromOffset()).isEqualTo(2L * hit);
                    assertThat(damage.toOffset()).isEqualTo(2L * hit + 2);
                }
                assertThat(values(log)).as("flip at %d", position).isEqualTo(left);
                assertThat(opened.report().cuts()).isEmpty();
                assertThat(log.endOffset()).isEqualTo(2L * BATCHES);
            }
        }
    }

    /// The one field that means nothing here and that no CRC covers.
    private static boolean isLeaderEpoch(int positionInBatch) {
        return positionInBatch >= BatchFormat.LEADER_EPOCH_AT
                && positionInBatch < BatchFormat.MAGIC_AT;
    }

    @Test
    void damageBehindTheReadersBackIsFoundWhenItIsRead() throws IOException {
        Log log = open().log();
        byte[] damaged = whole.clone();
        damaged[ends.get(1) + 70] ^= 1;
        put(folder.resolve(FILE), damaged);
        assertThat(log.read(0, 1 << 20).nextOffset()).isEqualTo(4);
        assertThatThrownBy(() -> log.read(4, 1 << 20))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining(FILE)
                .hasMessageContaining("position " + ends.get(1));
        assertThat(log.nextIntactOffset(4)).isEqualTo(6);
        assertThat(log.read(6, 1 << 20).nextOffset()).isEqualTo(12);
        log.close();
    }

    @Test
    void whatTheCheckpointVouchedForIsNotCutWhenItIsGone() throws IOException {
        open().log().close();
        put(folder.resolve(FILE), Arrays.copyOf(whole, ends.get(2) + 5));
        FileLogs.Opened opened = open();
        assertThat(opened.report().cuts()).isEmpty();
        assertThat(opened.report().damages()).hasSize(1);
        assertThat(opened.report().damages().getFirst().fromOffset()).isEqualTo(6);
        try (Log log = opened.log()) {
            assertThat(log.endOffset()).isEqualTo(12);
            assertThat(values(log)).isEqualTo(written(3));
            assertThat(log.append(Bodies.values("next"), 1)).isEqualTo(12);
            log.flush();
            assertThat(values(log)).last().isEqualTo("next");
        }
    }

    @Test
    void aDamagedIndexIsMadeAnew() throws IOException {
        open().log().close();
        put(folder.resolve("00000000000000000000.index"), new byte[] {1, 2, 3});
        try (Log log = open().log()) {
            assertThat(values(log)).isEqualTo(written(BATCHES));
        }
    }
}

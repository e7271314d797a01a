package io.millrace.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cursor.JournalGround.Promises;
import io.millrace.cursor.JournalGround.Size;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.DiskFile;
import io.millrace.log.FileLogs;
import io.millrace.simulator.PowerCut;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Which journals count: with another number of shards, with leftovers, with a damaged list.
final class JournalFilesTest {
    private static final int CURSORS = 7;
    private static final long ROLL_BYTES = 32 << 20;

    private final SimulatedClock clock = new SimulatedClock();
    private Random random = new Random(1);
    private SimulatedDisk disk = new SimulatedDisk(random);
    private Promises promises = new Promises();

    private void begin(long seed) {
        random = new Random(seed);
        disk = new SimulatedDisk(new Random(seed + 1));
        promises = new Promises();
    }

    private JournalGround start(int shards) throws IOException {
        JournalGround ground =
                new JournalGround(
                        disk, clock, random, new Size(shards, CURSORS, ROLL_BYTES), promises);
        ground.drain();
        return ground;
    }

    /// Cursor n gets n changes more.
    private static void live(JournalGround ground) {
        for (int number = 0; number < CURSORS; number++) {
            for (int i = 0; i < number; i++) {
                ground.change(number);
            }
        }
        ground.drain();
    }

    private static List<Long> frontiers(JournalGround ground) {
        List<Long> frontiers = new ArrayList<>();
        for (int number = 0; number < CURSORS; number++) {
            frontiers.add(ground.frontier(number));
        }
        return frontiers;
    }

    private List<String> names() {
        return disk.list(JournalGround.FOLDER);
    }

    @Test
    void anotherNumberOfShardsFindsAllCursors() throws IOException {
        JournalGround ground = start(1);
        live(ground);
        for (int shards : new int[] {3, 2, 2, 5, 1}) {
            List<Long> before = frontiers(ground);
            disk.crash();
            ground = start(shards);
            assertThat(frontiers(ground)).as("%d shards", shards).isEqualTo(before);
            live(ground);
            assertThat(names()).as("journals of %d shards", shards).hasSize(shards + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 3, true", "3, 1, true", "2, 3, false", "3, 2, false"})
    void aCrashAtAnyCallWhileTheNumberChangesLosesNothing(int from, int to, boolean isMachine)
            throws IOException {
        boolean isOver = false;
        for (int calls = 0; !isOver; calls++) {
            begin(calls);
            JournalGround ground = start(from);
            live(ground);
            List<Long> before = frontiers(ground);
            disk.crashProcess();
            disk.cutPower(calls);
            try {
                start(to);
                disk.cutPower(-1);
                isOver = true;
            } catch (PowerCut _) {
                // That was the call.
            }
            if (isMachine) {
                disk.crash();
            } else {
                disk.crashProcess();
            }
            JournalGround next = start(to);
            assertThat(frontiers(next)).as("after a crash at call %d", calls).isEqualTo(before);
            live(next);
            List<Long> after = frontiers(next);
            disk.crash();
            assertThat(frontiers(start(from))).as("after going on").isEqualTo(after);
        }
    }

    @ParameterizedTest
    @EnumSource(SimulatedDisk.Call.class)
    void aStartWithAnotherNumberThatFailsLosesNothing(SimulatedDisk.Call call) throws IOException {
        for (int after = 0; after < 12; after++) {
            begin(after);
            JournalGround ground = start(3);
            live(ground);
            List<Long> before = frontiers(ground);
            disk.crash();
            disk.failNext(call, after);
            try {
                start(2);
            } catch (IOException | MillraceException _) {
                // It is tried again.
            }
            disk.crash();
            assertThat(frontiers(start(2)))
                    .as("after %s failed as number %d", call, after)
                    .isEqualTo(before);
        }
    }

    @Test
    void whatDoesNotCountIsDeletedAtTheStart() throws IOException {
        live(start(2));
        disk.createFolders(JournalGround.FOLDER.resolve("0.9"));
        disk.crashProcess();
        start(2);
        assertThat(names()).containsExactlyInAnyOrder("current", "0.1", "1.1");
    }

    @Test
    void aDamagedListIsNamedAndNothingIsDeleted() throws IOException {
        live(start(2));
        try (DiskFile file = disk.open(JournalGround.FOLDER.resolve("current"))) {
            file.write(ByteBuffer.wrap("x".getBytes(StandardCharsets.UTF_8)), 0);
        }
        disk.crashProcess();
        assertThatThrownBy(() -> start(2))
                .isInstanceOfSatisfying(
                        MillraceException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.PARTITION_CORRUPT))
                .hasMessageContaining("current");
        assertThat(names()).contains("0.1", "1.1");
    }

    @Test
    void aServerWithoutCursorsHasNoJournals() throws IOException {
        JournalFiles files =
                new JournalFiles(
                        JournalGround.FOLDER, disk, new FileLogs(disk, clock), 2, ROLL_BYTES);
        assertThat(files.exist()).isFalse();
        assertThat(files.isOfOtherShards()).isFalse();
        assertThat(disk.exists(JournalGround.FOLDER)).isFalse();
    }
}

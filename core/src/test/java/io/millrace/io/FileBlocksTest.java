package io.millrace.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blocks ahead of what is written, on the file system of the machine.
final class FileBlocksTest {
    private static final int BYTES = 3 << 20;
    private static final int SLACK = 64 << 10;

    @TempDir Path folder;

    private static long allocated(Path file) throws IOException, InterruptedException {
        Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
        String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(stat.waitFor()).isZero();
        return Long.parseLong(blocks.strip()) * 512;
    }

    private static boolean knowsReservation(Path file) throws IOException {
        Files.createFile(file);
        FileBlocks blocks = FileBlocks.ofSystem();
        FileBlocks.Reservation reservation = blocks == null ? null : blocks.open(file);
        if (reservation == null) {
            return false;
        }
        boolean isKnown = reservation.reserve(0, SLACK);
        reservation.release(0);
        return isKnown;
    }

    @Test
    void aFileThatGrowsHasBlocksAheadAndGivesThemBack() throws Exception {
        assumeThat(knowsReservation(folder.resolve("probe"))).isTrue();
        Path path = folder.resolve("log");
        byte[] some = new byte[100_000];
        Arrays.fill(some, (byte) 7);
        try (DiskFile file = new FileDisk().open(path)) {
            for (int at = 0; at < BYTES; at += some.length) {
                file.write(ByteBuffer.wrap(some), at);
            }
            long size = file.size();
            assertThat(allocated(path)).isGreaterThan(size + SLACK);
            assertThat(Files.size(path)).isEqualTo(size);
            file.releaseRoom();
            assertThat(allocated(path)).isLessThan(size + SLACK);
            file.write(ByteBuffer.wrap(some), size);
            assertThat(allocated(path)).isGreaterThan(size + some.length + SLACK);
        }
        assertThat(allocated(path)).isLessThan(Files.size(path) + SLACK);
        byte[] all = Files.readAllBytes(path);
        for (byte each : all) {
            assertThat(each).isEqualTo((byte) 7);
        }
    }

    @Test
    void aSmallFileTakesNoMoreThanItNeeds() throws Exception {
        Path path = folder.resolve("small");
        try (DiskFile file = new FileDisk().open(path)) {
            file.write(ByteBuffer.allocate(100_000), 0);
            file.flush();
            assertThat(allocated(path)).isLessThan(100_000 + SLACK);
        }
    }

    @Test
    void aFileThatIsGoneIsNotReserved() {
        FileBlocks blocks = FileBlocks.ofSystem();
        assertThat(blocks == null ? null : blocks.open(folder.resolve("none"))).isNull();
    }
}

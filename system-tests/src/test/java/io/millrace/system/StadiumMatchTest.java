package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.house.Repository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A match in the stadium, as its README tells people to play it: its programs and the server are
/// real processes, the portal and the gates are killed in the middle, and all books agree.
@Tag("slow")
final class StadiumMatchTest {
    private static final int PROGRAMS = 6;

    /// More than the stadium waits for its books to agree, so that it can say which do not.
    private static final int PATIENCE_SECONDS = 400;

    @TempDir Path folder;

    @Test
    void allBooksAgreeAlthoughThePortalAndTheGatesAreKilled() throws Exception {
        String config = Repository.root().resolve("examples/stadium/millrace.yaml").toString();
        Path output = folder.resolve("output");
        try (ServerProcess server =
                ServerProcess.start(folder.resolve("data"), "--config", config)) {
            Process stadium = launch(server, output);
            try {
                boolean ended = stadium.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
                String said = Files.readString(output);
                assertThat(ended).as(said).isTrue();
                assertThat(stadium.exitValue()).as(said).isZero();
                assertThat(said)
                        .contains("portal has ended", "north has ended", ": all agree;")
                        .doesNotContain("WRONG")
                        .containsPattern("profiles +10 cancelled +90 sold")
                        .containsPattern("south +90 admitted +10 cancelled");
                assertThat(said.lines().filter(line -> line.startsWith("Subscription arena-")))
                        .hasSize(4)
                        .allMatch(line ->
                                line.contains("pending=0") && line.contains("deadLettered=0"));
            } finally {
                List<ProcessHandle> programs = stadium.descendants().toList();
                stadium.destroyForcibly();
                programs.forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    private Process launch(ServerProcess server, Path output) throws IOException {
        List<String> command = new JavaCommand("io.millrace.example.stadium.Main").with();
        command.addAll(List.of("--server", server.address().toString()));
        command.addAll(List.of("--port", Integer.toString(freePorts())));
        command.addAll(List.of("--data", folder.resolve("books").toString()));
        command.addAll(List.of("--matches", "1", "--tickets", "100", "--rate", "20"));
        command.addAll(List.of("--kill-every", "2"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /// The first of as many free ports in a row as there are programs.
    private static int freePorts() throws IOException {
        while (true) {
            try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                int first = any.getLocalPort();
                if (areFree(first + 1, first + PROGRAMS)) {
                    return first;
                }
            }
        }
    }

    private static boolean areFree(int from, int to) {
        for (int port = from; port < to; port++) {
            try (ServerSocket socket =
                    new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(socket.getLocalPort()).isEqualTo(port);
            } catch (IOException | IllegalArgumentException _) {
                return false;
            }
        }
        return true;
    }
}

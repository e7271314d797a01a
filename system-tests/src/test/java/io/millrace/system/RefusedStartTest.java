package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whoever starts a server that cannot start is told why and what to do, and finds it in the exit
/// code.
@Timeout(120)
final class RefusedStartTest {
    private static final int CANNOT_START = 1;
    private static final int WRONG_USE = 2;

    @TempDir Path folder;

    @Test
    void theDataFolderIsInUse() throws Exception {
        try (ServerProcess first = ServerProcess.start(folder)) {
            ServerProcess.Ended second = ServerProcess.run(folder);
            assertThat(second.exitCode()).isEqualTo(CANNOT_START);
            assertThat(second.output())
                    .contains("another process uses the data folder")
                    .contains(
                            "The data folder %s is used by another process (process %d). Stop it,"
                                            .formatted(folder, first.pid())
                                    + " or choose another folder.");
            assertThat(new ServerClient(first).publish("/a", "1", "x").statusCode()).isEqualTo(202);
        }
    }

    @Test
    void thePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ServerProcess.Ended ended =
                    ServerProcess.run(folder, "--port", "" + taken.getLocalPort());
            assertThat(ended.exitCode()).isEqualTo(CANNOT_START);
            assertThat(ended.output())
                    .contains(
                            "port: 127.0.0.1:%d is taken by another process"
                                    .formatted(taken.getLocalPort()));
        }
        // It has let go of the folder.
        ServerProcess.start(folder).close();
    }

    @Test
    void theDataFolderWasMadeByANewerVersion() throws Exception {
        ServerProcess.start(folder).close();
        Files.writeString(folder.resolve("format"), "2\n");
        ServerProcess.Ended ended = ServerProcess.run(folder);
        assertThat(ended.exitCode()).isEqualTo(CANNOT_START);
        assertThat(ended.output())
                .contains("the data folder was made by a newer version")
                .contains("The data folder %s has format 2".formatted(folder))
                .contains("Start the newer server that made it");
        assertThat(folder.resolve("format")).hasContent("2\n");
    }

    @Test
    void theDiskIsReadOnly() throws Exception {
        try (MountedDisk disk = MountedDisk.mount(folder, 8)) {
            disk.makeReadOnly();
            ServerProcess.Ended ended = ServerProcess.run(folder.resolve("data"));
            assertThat(ended.exitCode()).isEqualTo(CANNOT_START);
            assertThat(ended.output())
                    .contains("the disk cannot be written to")
                    .contains("the data folder %s cannot be used".formatted(folder.resolve("data")))
                    .contains("Read-only file system")
                    .contains("--data DIR");
        }
    }

    @Test
    void theDiskOfDataThatIsThereHasBecomeReadOnly() throws Exception {
        try (MountedDisk disk = MountedDisk.mount(folder, 32)) {
            ServerProcess.start(folder).close();
            disk.makeReadOnly();
            ServerProcess.Ended ended = ServerProcess.run(folder);
            assertThat(ended.exitCode()).isEqualTo(CANNOT_START);
            assertThat(ended.output())
                    .contains("the disk cannot be written to")
                    .contains("the data folder %s cannot be used".formatted(folder));
        }
    }

    @Test
    void optionsAndSettingsAreWrong() throws Exception {
        ServerProcess.Ended options = ServerProcess.run(folder, "--prot", "1", "--log-format=xml");
        assertThat(options.exitCode()).isEqualTo(WRONG_USE);
        assertThat(options.output())
                .contains("millrace: the configuration is not valid:")
                .contains("  --prot: is not an option; did you mean \"--port\"?")
                .contains("  --log-format: must be text or json, but is \"xml\"");
        Path file = Files.writeString(folder.resolve("m.yaml"), "http:\n  address: 0.0.0.0\n");
        ServerProcess.Ended settings =
                ServerProcess.run(folder.resolve("data"), "--config", file.toString());
        assertThat(settings.exitCode()).isEqualTo(WRONG_USE);
        assertThat(settings.output())
                .contains("http.address: 0.0.0.0 can be reached from other machines")
                .contains("(%s, line 2)".formatted(file));
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void helpIsNoRefusal() throws Exception {
        ServerProcess.Ended help = ServerProcess.run(folder, "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.output()).startsWith("usage: millrace serve");
    }
}

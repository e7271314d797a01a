package io.millrace.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// A small disk of its own, in memory, so that tests can fill it or take its writability away.
///
/// Where the machine does not let the test mount one, the test is skipped and says so.
final class MountedDisk implements AutoCloseable {
    private final Path folder;

    private MountedDisk(Path folder) {
        this.folder = folder;
    }

    /// @param folder that exists
    static MountedDisk mount(Path folder, int mebibytes) throws IOException, InterruptedException {
        String failure =
                run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", "" + folder);
        Assumptions.assumeTrue(
                failure.isEmpty(), () -> "this machine mounts no disk for a test: " + failure);
        return new MountedDisk(folder);
    }

    Path folder() {
        return folder;
    }

    void makeReadOnly() throws IOException, InterruptedException {
        String failure = run("mount", "-o", "remount,ro", folder.toString());
        Assumptions.assumeTrue(
                failure.isEmpty(), () -> "this machine makes no disk read-only: " + failure);
    }

    /// Returns why it failed; empty if it did not.
    private static String run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        } catch (IOException e) {
            return e.toString();
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exitCode = process.waitFor();
        return exitCode == 0 ? "" : "exit code " + exitCode + ", " + output.strip();
    }

    /// Takes the disk away, also from a process that still uses it.
    @Override
    public void close() throws IOException {
        try {
            String failure = run("umount", "-l", folder.toString());
            if (!failure.isEmpty()) {
                throw new IOException(folder + " stays mounted: " + failure);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(folder + " stays mounted", e);
        }
    }
}

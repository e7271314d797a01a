package io.millrace.bench.http;

import io.millrace.bench.BenchFolder;
import java.io.IOException;
import java.nio.file.Path;

/// How long the server takes until it is ready, and how much memory it takes while idle.
///
/// Argument: starts, 10 if left out.
public final class StartRun {
    private static final long IDLE_MILLIS = 5_000;

    private StartRun() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int starts = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
        try (BenchFolder folder = BenchFolder.create()) {
            Path data = folder.path();
            for (int i = 0; i < starts; i++) {
                try (ServerUnderTest server = ServerUnderTest.millrace(data)) {
                    Thread.sleep(IDLE_MILLIS);
                    System.out.printf(
                            "ready after %d ms (%d ms with the script), %d MB resident after %d s%n",
                            server.readyMillis(),
                            server.startedMillis(),
                            server.residentMegabytes(),
                            IDLE_MILLIS / 1000);
                }
            }
        }
    }
}

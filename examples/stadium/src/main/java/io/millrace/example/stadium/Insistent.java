package io.millrace.example.stadium;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;

/// Does a piece of work over and over, on a thread of its own, until it is closed. When the other
/// side is away it says so once and tries again, after a pause that grows.
final class Insistent implements AutoCloseable {
    private static final Duration PAUSE_MAX = Duration.ofSeconds(2);

    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    private final String name;
    private final Work work;
    private final PrintStream out;
    private final Duration pauseMin;
    private final Thread thread;

    /// One piece of work, which may wait.
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    /// @param pauseMin before the first new attempt; doubles up to two seconds
    Insistent(String name, Work work, PrintStream out, Duration pauseMin) {
        this.name = name;
        this.work = work;
        this.out = out;
        this.pauseMin = pauseMin;
        this.thread = Thread.ofPlatform().name(name).start(this::loop);
    }

    private void loop() {
        Duration pause = pauseMin;
        boolean away = false;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    work.run();
                    if (away) {
                        out.println(name + ": goes on");
                    }
                    away = false;
                    pause = pauseMin;
                } catch (IOException e) {
                    if (!away) {
                        out.println(name + ": tries again after " + e);
                    }
                    away = true;
                    Thread.sleep(pause);
                    Duration twice = pause.multipliedBy(2);
                    pause = twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (UncheckedIOException e) {
            // Interrupted while it wrote to a file, the JDK closes the file.
            if (!Thread.currentThread().isInterrupted()) {
                throw e;
            }
        }
    }

    /// Waits for the work to stop, for some seconds at most.
    @Override
    public void close() {
        thread.interrupt();
        try {
            var _ = thread.join(CLOSE_MAX);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.millrace.example.building41;

import io.millrace.example.building41.MillraceClient.Lease;
import io.millrace.example.building41.MillraceClient.Refused;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/// Takes the jobs of one queue, says what it does, and completes them. On a thread of its own; ends
/// when that is interrupted.
///
/// A job is completed after the work. Killed in between, the worker is given it again when the
/// lease has ended: the work has to bear that.
final class Worker implements Runnable {
    private static final int JOBS_MAX = 10;
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final MillraceClient millrace;
    private final String queue;
    private final Function<Map<String, Object>, String> work;
    private final PrintStream out;

    /// @param work tells what is done about a job; throws IllegalArgumentException for what is none
    Worker(
            MillraceClient millrace,
            String queue,
            Function<Map<String, Object>, String> work,
            PrintStream out) {
        this.millrace = millrace;
        this.queue = queue;
        this.work = work;
        this.out = out;
    }

    @Override
    public void run() {
        boolean away = false;
        try {
            while (true) {
                try {
                    for (Lease lease : millrace.receive(queue, JOBS_MAX, WAIT)) {
                        deal(lease);
                    }
                    away = false;
                } catch (IOException | Refused e) {
                    if (!away) {
                        out.printf("%s: tries again: %s%n", queue, e.getMessage());
                    }
                    away = true;
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void deal(Lease lease) throws IOException, InterruptedException, Refused {
        String done;
        try {
            done = work.apply(lease.job());
        } catch (IllegalArgumentException e) {
            millrace.reject(queue, lease, String.valueOf(e.getMessage()));
            return;
        }
        out.printf("%s: %s%n", queue, done);
        millrace.complete(queue, lease);
    }
}

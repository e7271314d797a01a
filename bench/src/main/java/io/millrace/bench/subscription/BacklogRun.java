package io.millrace.bench.subscription;

import io.millrace.bench.Arguments;
import io.millrace.bench.BenchFolder;
import io.millrace.bench.http.BlockingConnection;
import io.millrace.bench.http.ServerUnderTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Long backlogs: the memory of a server while many events gather for one subscription, and how
/// long the first delivery takes after the server was killed and started again; the same for a
/// queue with many jobs that are ready.
///
/// Options: `--events 10000000 --jobs 1000000 --starts 3`; 0 leaves a part out.
public final class BacklogRun {
    private static final int BATCH = 1_000;
    private static final int REPORTS = 10;
    private static final int TAKEN = 100;
    private static final byte[] NOTHING = {};
    private static final String LEASED = "\"token\":";

    private BacklogRun() {}

    public static void main(String[] given) throws Exception {
        Arguments arguments = Arguments.of(given, "events jobs starts");
        int starts = arguments.number("starts", 3);
        try (BenchFolder folder = BenchFolder.create()) {
            run(
                    folder.path().resolve("events"),
                    arguments.number("events", 10_000_000),
                    starts,
                    new Backlog(
                            """
                            kind: Stream
                            name: events
                            mount: /
                            durability: buffered
                            ---
                            kind: Subscription
                            name: all
                            pattern: /**
                            start: earliest
                            """,
                            "/events/org/contoso",
                            "/subscriptions/all"));
            run(
                    folder.path().resolve("jobs"),
                    arguments.number("jobs", 1_000_000),
                    starts,
                    new Backlog(
                            """
                            kind: Queue
                            name: jobs
                            duplicateWindow: 0s
                            """,
                            "/queues/jobs",
                            "/queues/jobs"));
        }
    }

    /// @param resources what has to be there
    /// @param publish where to put events or jobs in
    /// @param receive whose they are then
    private record Backlog(String resources, String publish, String receive) {}

    private static void run(Path data, int count, int starts, Backlog backlog)
            throws IOException, InterruptedException {
        if (count == 0) {
            return;
        }
        System.out.printf("%s, %,d%n", backlog.receive, count);
        ServerUnderTest server = ServerUnderTest.millrace(data);
        try {
            fill(server, count, backlog);
            for (int i = 0; i < starts; i++) {
                server.kill();
                long begun = System.nanoTime();
                server = ServerUnderTest.millrace(data);
                long first = receive(server, backlog, begun);
                System.out.printf(
                        "  killed and started: ready after %d ms, first delivery after %d ms; %d MB"
                                + " live on the heap, %d MB resident%n",
                        server.startedMillis(),
                        first,
                        server.liveMegabytes(),
                        server.residentMegabytes());
            }
        } finally {
            server.close();
        }
    }

    private static void fill(ServerUnderTest server, int count, Backlog backlog)
            throws IOException, InterruptedException {
        server.apply(backlog.resources);
        byte[] head =
                BlockingConnection.head(
                        "POST",
                        backlog.publish,
                        "application/cloudevents-batch+json; charset=utf-8");
        byte[] batch = EventBatches.batch(BATCH);
        List<Long> resident = new ArrayList<>();
        long begun = System.nanoTime();
        try (EventBatches publisher = new EventBatches(new BlockingConnection(server.address()))) {
            for (int done = 0; done < count; done += BATCH) {
                publisher.publish(head, batch);
                if ((done + BATCH) % Math.max(BATCH, count / REPORTS) == 0) {
                    resident.add(server.residentMegabytes());
                }
            }
        }
        System.out.printf(
                "  put in within %d s; MB resident meanwhile: %s; %d MB live on the heap%n",
                (System.nanoTime() - begun) / 1_000_000_000, resident, server.liveMegabytes());
    }

    /// @return milliseconds until something was delivered
    private static long receive(ServerUnderTest server, Backlog backlog, long begunNanos)
            throws IOException {
        try (BlockingConnection connection = new BlockingConnection(server.address())) {
            connection.exchange(
                    BlockingConnection.head(
                            "POST",
                            "%s/receive?wait=60s&lease=10s&max=%d"
                                    .formatted(backlog.receive, TAKEN),
                            "application/json"),
                    NOTHING);
            if (!connection.body().contains(LEASED)) {
                throw new IOException("nothing was delivered within a minute");
            }
            return (System.nanoTime() - begunNanos) / 1_000_000;
        }
    }
}

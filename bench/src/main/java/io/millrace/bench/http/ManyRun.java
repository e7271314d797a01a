package io.millrace.bench.http;

import io.millrace.bench.BenchFolder;
import java.io.IOException;
import java.time.Duration;

/// Whether publishing costs the same with 1,000 streams and 100,000 contexts as with 50 streams and
/// 5,000 contexts. On both sides, hardly two of the events under way share a stream, so that each
/// is written alone.
///
/// Arguments: rounds and seconds a round, 7 and 5 if left out.
public final class ManyRun {
    private static final int STREAMS = 1_000;
    private static final int CONTEXTS = 100_000;
    private static final int FEW_STREAMS = 50;
    private static final int FEW_CONTEXTS = 5_000;
    private static final int APPLIED_TOGETHER = 50;

    private ManyRun() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
        Duration duration =
                Duration.ofSeconds(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5);
        try (BenchFolder folder = BenchFolder.create();
                ServerUnderTest many = ServerUnderTest.millrace(folder.path().resolve("many"));
                ServerUnderTest few = ServerUnderTest.millrace(folder.path().resolve("few"))) {
            long begun = System.nanoTime();
            createStreams(many, STREAMS);
            createStreams(few, FEW_STREAMS);
            System.out.printf(
                    "%,d streams created in %,d ms%n",
                    STREAMS + FEW_STREAMS, (System.nanoTime() - begun) / 1_000_000);
            try (Side subject =
                            new Side(
                                    "1,000 streams, 100,000 contexts",
                                    many,
                                    32,
                                    Requests.contexts(STREAMS, CONTEXTS));
                    Side peer =
                            new Side(
                                    "50 streams, 5,000 contexts",
                                    few,
                                    32,
                                    Requests.contexts(FEW_STREAMS, FEW_CONTEXTS))) {
                Side.compare("32 connections", subject, peer, rounds, duration);
            }
            System.out.printf(
                    "resident memory: %d MB with many, %d MB with few%n",
                    many.residentMegabytes(), few.residentMegabytes());
        }
    }

    private static void createStreams(ServerUnderTest server, int count)
            throws IOException, InterruptedException {
        for (int first = 0; first < count; first += APPLIED_TOGETHER) {
            StringBuilder yaml = new StringBuilder();
            for (int i = first; i < first + APPLIED_TOGETHER; i++) {
                yaml.append(
                        """
                        kind: Stream
                        name: stream-%d
                        mount: /m/%d
                        partitions: 1
                        durability: buffered
                        ---
                        """
                                .formatted(i, i));
            }
            server.apply(yaml.toString());
        }
    }
}

package io.millrace.bench.subscription;

import io.millrace.bench.Arguments;
import io.millrace.bench.BenchFolder;
import io.millrace.bench.http.Requests;
import io.millrace.bench.http.ServerUnderTest;
import io.millrace.bench.http.Side;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// What many subscriptions cost: the memory of those that idle, and how much slower publishing is
/// with many patterns than with 10. Of the many, the same 10 match as on the other side.
///
/// Options: `--idle 10000 --patterns 100000 --rounds 5 --seconds 5`; 0 leaves a part out. 100,000
/// need more heap than the server's 512 MB: set `MILLRACE_JAVA_OPTS=-Xmx2g`, which is for both
/// sides.
public final class SubscriptionsRun {
    private static final int APPLIED_TOGETHER = 500;
    private static final int MATCHING = 10;
    private static final long SETTLE_MILLIS = 5_000;

    private SubscriptionsRun() {}

    public static void main(String[] given) throws Exception {
        Arguments arguments = Arguments.of(given, "idle patterns rounds seconds");
        try (BenchFolder folder = BenchFolder.create()) {
            if (arguments.number("idle", 10_000) > 0) {
                idle(folder.path().resolve("idle"), arguments.number("idle", 10_000));
            }
            if (arguments.number("patterns", 100_000) > 0) {
                patterns(folder.path(), arguments);
            }
        }
    }

    private static void idle(Path data, int count) throws IOException, InterruptedException {
        try (ServerUnderTest server = ServerUnderTest.millrace(data)) {
            subscribe(server, 1);
            memory(server, "1 subscription");
            subscribe(server, count);
            memory(server, "%,d subscriptions".formatted(count));
        }
        try (ServerUnderTest server = ServerUnderTest.millrace(data)) {
            System.out.printf("started again in %d ms%n", server.startedMillis());
            memory(server, "%,d subscriptions, started again".formatted(count));
        }
    }

    private static void memory(ServerUnderTest server, String what)
            throws IOException, InterruptedException {
        Thread.sleep(SETTLE_MILLIS);
        System.out.printf(
                "%s: %d MB live on the heap, %d MB resident%n",
                what, server.liveMegabytes(), server.residentMegabytes());
    }

    private static void patterns(Path folder, Arguments arguments)
            throws IOException, InterruptedException {
        int count = arguments.number("patterns", 100_000);
        try (ServerUnderTest many = ServerUnderTest.millrace(folder.resolve("many"));
                ServerUnderTest few = ServerUnderTest.millrace(folder.resolve("few"))) {
            buffered(many);
            buffered(few);
            subscribe(many, count);
            subscribe(few, MATCHING);
            try (Side subject =
                            new Side(
                                    "%,d patterns".formatted(count),
                                    many,
                                    32,
                                    Requests.building());
                    Side peer = new Side("10 patterns", few, 32, Requests.building())) {
                Side.compare(
                        "publishing, 32 connections, buffered",
                        subject,
                        peer,
                        arguments.number("rounds", 5),
                        Duration.ofSeconds(arguments.number("seconds", 5)));
            }
        }
    }

    private static void buffered(ServerUnderTest server) throws IOException, InterruptedException {
        server.apply(
                """
                kind: Stream
                name: events
                mount: /
                durability: buffered
                """);
    }

    private static void subscribe(ServerUnderTest server, int count)
            throws IOException, InterruptedException {
        long begun = System.nanoTime();
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < count; i++) {
            yaml.append(
                    """
                    kind: Subscription
                    name: s-%d
                    pattern: %s
                    ---
                    """
                            .formatted(i, pattern(i)));
            if ((i + 1) % APPLIED_TOGETHER == 0 || i == count - 1) {
                server.apply(yaml.toString());
                yaml.setLength(0);
            }
        }
        System.out.printf(
                "%,d subscriptions set up in %,d ms%n",
                count, (System.nanoTime() - begun) / 1_000_000);
    }

    /// The first are rooms that events are published for; the others look alike, with and without
    /// wildcards, and match nothing.
    private static String pattern(int number) {
        if (number < MATCHING) {
            return "/org/contoso/building/41/floor/%d/room/%d".formatted(number % 3, number);
        }
        return switch (number % 4) {
            case 0 ->
                    "/org/contoso/building/%d/floor/*/room/%d".formatted(number / 97 + 100, number);
            case 1 -> "/org/contoso/building/41/floor/%d/**".formatted(number);
            case 2 -> "/org/contoso/building/41/floor/0/room/%d".formatted(number + 100);
            default -> "/org/*/building/%d/floor/1/room/%d".formatted(number + 100, number % 24);
        };
    }
}

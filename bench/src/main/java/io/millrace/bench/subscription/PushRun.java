package io.millrace.bench.subscription;

import io.millrace.bench.Arguments;
import io.millrace.bench.BenchFolder;
import io.millrace.bench.http.BlockingConnection;
import io.millrace.bench.http.ServerUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Deliveries a second to local sinks that answer at once, from a buffered stream; and whether one
/// more subscription, to a sink that never answers, takes anything from them. Rounds with and
/// without that one take turns.
///
/// Options: `--rounds 5 --seconds 5 --warmup 20 --sinks 4 --concurrency 16`. Each event is a
/// request by itself, in binary mode.
public final class PushRun {
    private static final int PUBLISHED_TOGETHER = 100;
    private static final int UNDELIVERED_MAX = 10_000;
    private static final long DRAIN_SECONDS_MAX = 60;
    private static final byte[] NOTHING = {};

    private final Arguments arguments;
    private final ServerUnderTest server;
    private final SinkServer sinks;
    private final List<Double> alone = new ArrayList<>();
    private final List<Double> besideSilent = new ArrayList<>();
    private final List<Double> cpuMicros = new ArrayList<>();
    private long published;

    private PushRun(Arguments arguments, ServerUnderTest server, SinkServer sinks) {
        this.arguments = arguments;
        this.server = server;
        this.sinks = sinks;
    }

    public static void main(String[] given) throws Exception {
        Arguments arguments = Arguments.of(given, "rounds seconds warmup sinks concurrency");
        try (BenchFolder folder = BenchFolder.create();
                SinkServer sinks = new SinkServer(arguments.number("sinks", 4))) {
            Path configuration = folder.path().resolve("millrace.yaml");
            Files.writeString(configuration, "sinks:\n  allow: [127.0.0.1]\n");
            try (ServerUnderTest server =
                    ServerUnderTest.millrace(folder.path().resolve("data"), configuration)) {
                new PushRun(arguments, server, sinks).run();
            }
        }
    }

    private void run() throws IOException, InterruptedException {
        server.apply(
                """
                kind: Stream
                name: events
                mount: /
                durability: buffered
                """);
        for (int i = 0; i < arguments.number("sinks", 4); i++) {
            server.apply(subscription("sink-" + i, "/push/" + i, sinks.port(i)));
        }
        server.apply(subscription("silent", "/push/**", sinks.silentPort()));
        try (BlockingConnection control = new BlockingConnection(server.address());
                EventBatches publisher =
                        new EventBatches(new BlockingConnection(server.address()))) {
            silent(control, "pause");
            round(publisher, arguments.number("warmup", 20), new ArrayList<>());
            cpuMicros.clear();
            for (int i = 0; i < arguments.number("rounds", 5); i++) {
                round(publisher, arguments.number("seconds", 5), alone);
                silent(control, "resume");
                round(publisher, arguments.number("seconds", 5), besideSilent);
                silent(control, "pause");
            }
        }
        print();
    }

    private String subscription(String name, String pattern, int port) {
        return """
        kind: Subscription
        name: %s
        pattern: %s
        push:
          url: http://127.0.0.1:%d/
          concurrency: %d
        """
                .formatted(name, pattern, port, arguments.number("concurrency", 16));
    }

    private static void silent(BlockingConnection control, String verb) throws IOException {
        control.exchange(
                BlockingConnection.head(
                        "POST", "/subscriptions/silent/" + verb, "application/json"),
                NOTHING);
    }

    /// Publishes as fast as is delivered, for so long, and then waits for the rest.
    private void round(EventBatches publisher, int seconds, List<Double> rates)
            throws IOException, InterruptedException {
        List<byte[]> heads = new ArrayList<>();
        for (int i = 0; i < arguments.number("sinks", 4); i++) {
            heads.add(EventBatches.head("/push/" + i));
        }
        byte[] batch = EventBatches.batch(PUBLISHED_TOGETHER);
        long requests = sinks.requests();
        long cpu = server.cpuMillis();
        long begun = System.nanoTime();
        long end = begun + TimeUnit.SECONDS.toNanos(seconds);
        for (int i = 0; System.nanoTime() < end; i++) {
            if (published - sinks.requests() >= UNDELIVERED_MAX) {
                TimeUnit.MILLISECONDS.sleep(1);
            } else {
                publisher.publish(heads.get(i % heads.size()), batch);
                published += PUBLISHED_TOGETHER;
            }
        }
        long delivered = sinks.requests() - requests;
        rates.add(delivered * 1e9 / (System.nanoTime() - begun));
        cpuMicros.add((server.cpuMillis() - cpu) * 1e3 / delivered);
        awaitAll();
    }

    private void awaitAll() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS_MAX);
        while (sinks.requests() < published && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        if (sinks.requests() != published) {
            throw new IllegalStateException(
                    "%d events were published and %d delivered"
                            .formatted(published, sinks.requests()));
        }
    }

    private void print() {
        System.out.printf(
                Locale.ROOT,
                "%d sinks, %d requests under way for each, %d connections%n",
                arguments.number("sinks", 4),
                arguments.number("concurrency", 16),
                sinks.connections());
        System.out.printf(
                Locale.ROOT,
                "  %,9.0f deliveries/s, %.1f us of server CPU each, publishing included%n",
                median(alone),
                median(cpuMicros));
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < alone.size(); i++) {
            ratios.add(besideSilent.get(i) / alone.get(i));
        }
        System.out.printf(
                Locale.ROOT,
                "  %,9.0f deliveries/s beside a sink that never answers; ratio %.2f (%.2f to %.2f)%n",
                median(besideSilent),
                median(ratios),
                ratios.stream().min(Double::compare).orElseThrow(),
                ratios.stream().max(Double::compare).orElseThrow());
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}

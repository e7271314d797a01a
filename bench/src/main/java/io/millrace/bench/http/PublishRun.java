package io.millrace.bench.http;

import io.millrace.bench.BenchFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// Publishing over HTTP, one event a request, in binary mode: buffered against a handler that does
/// nothing, and synced against buffered.
///
/// Arguments: rounds and seconds a round, 7 and 5 if left out.
public final class PublishRun {
    private static final String EVENTS =
            """
            kind: Stream
            name: events
            mount: /
            durability: %s
            """;

    private PublishRun() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 7;
        Duration duration =
                Duration.ofSeconds(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5);
        try (BenchFolder folder = BenchFolder.create()) {
            againstBare(folder.path().resolve("bare"), rounds, duration);
            syncedAgainstBuffered(folder.path(), rounds, duration);
        }
    }

    private static void againstBare(Path data, int rounds, Duration duration)
            throws IOException, InterruptedException {
        try (ServerUnderTest millrace = ServerUnderTest.millrace(data);
                ServerUnderTest bare = ServerUnderTest.bare();
                Side subject = new Side("Millrace, buffered", millrace, 32, Requests.building());
                Side peer = new Side("bare Vert.x handler", bare, 32, Requests.building())) {
            millrace.apply(EVENTS.formatted("buffered"));
            Side.compare("32 connections", subject, peer, rounds, duration);
        }
    }

    private static void syncedAgainstBuffered(Path data, int rounds, Duration duration)
            throws IOException, InterruptedException {
        try (ServerUnderTest synced = ServerUnderTest.millrace(data.resolve("synced"));
                ServerUnderTest buffered = ServerUnderTest.millrace(data.resolve("buffered"));
                Side subject = new Side("synced", synced, 256, Requests.building());
                Side peer = new Side("buffered", buffered, 256, Requests.building())) {
            synced.apply(EVENTS.formatted("synced"));
            buffered.apply(EVENTS.formatted("buffered"));
            Side.compare("256 connections", subject, peer, rounds, duration);
        }
    }
}

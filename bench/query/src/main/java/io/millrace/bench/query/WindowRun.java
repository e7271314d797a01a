package io.millrace.bench.query;

import io.millrace.bench.Arguments;
import io.millrace.bench.BenchFolder;
import io.millrace.broker.Broker;
import io.millrace.broker.Publication;
import io.millrace.broker.PublishReply;
import io.millrace.broker.ReadRequest;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.event.Timestamp;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import io.millrace.stream.Start;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.json.JsonMapper;

/// How long after a window's end its result can be read, while events are published at a steady
/// rate, each with the time at which it is due.
public final class WindowRun {
    private static final JsonMapper JSON = new JsonMapper();

    private WindowRun() {}

    public static void main(String[] given) throws Exception {
        Arguments arguments = Arguments.of(given, "rate seconds warmup partitions sensors");
        int rate = arguments.number("rate", 10_000);
        int seconds = arguments.number("seconds", 60);
        int warmup = arguments.number("warmup", 30);
        Readings readings = new Readings(arguments.number("sensors", 100));
        try (BenchFolder folder = BenchFolder.create();
                Millrace millrace =
                        new Millrace(folder.path(), "", arguments.number("partitions", 4), 1)) {
            millrace.apply(
                    """
                    kind: Stream
                    name: results
                    mount: /derived
                    partitions: 1
                    durability: buffered
                    ---
                    kind: Query
                    name: averages
                    inputs:
                      readings: {pattern: %s/**, schema: {celsius: DOUBLE}}
                    sql: |
                      SELECT window_end, AVG(celsius) AS average, COUNT(*) AS counted
                      FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(event_time), INTERVAL '1' SECOND))
                      GROUP BY window_start, window_end
                    output: {context: /derived/averages, type: average}
                    eventTime: {delay: 0s}
                    start: latest
                    """
                            .formatted(Millrace.CONTEXT));
            AtomicBoolean done = new AtomicBoolean();
            Thread publisher =
                    Thread.ofPlatform()
                            .start(() -> publish(millrace.broker(), readings, rate, done));
            List<Long> late = follow(millrace.broker(), warmup, seconds);
            done.set(true);
            publisher.join();
            print(late);
        }
        // Flink leaves threads behind.
        System.exit(0);
    }

    private static void publish(Broker broker, Readings readings, int rate, AtomicBoolean done) {
        long begin = System.currentTimeMillis();
        long published = 0;
        while (!done.get()) {
            long due = (System.currentTimeMillis() - begin) * rate / 1000;
            List<Publication> batch = new ArrayList<>();
            for (; published < due && batch.size() < 500; published++) {
                long millis = begin + published * 1000 / rate;
                Event event =
                        Event.builder()
                                .id("e" + published)
                                .source("/building/41")
                                .type("io.contoso.climate")
                                .time(Timestamp.of(Instant.ofEpochMilli(millis)))
                                .dataContentType("application/json")
                                .data(Bytes.wrap(readings.bytes(published)))
                                .build();
                String context = Millrace.CONTEXT + "/sensor/" + readings.sensor(published);
                batch.add(new Publication(context, event));
            }
            if (batch.isEmpty()) {
                LockSupport.parkNanos(200_000);
            } else {
                broker.publish(Principal.LOCAL, batch, new Unheard());
            }
        }
    }

    private record Unheard() implements PublishReply {
        @Override
        public void stored(List<Receipt> receipts) {
            // Whether it is there is seen in the results.
        }

        @Override
        public void failed(MillraceException problem) {
            throw problem;
        }
    }

    /// Milliseconds from each window's end until its result was read.
    private static List<Long> follow(Broker broker, int warmup, int seconds)
            throws InterruptedException {
        List<Long> late = new ArrayList<>();
        Start next = new Start.First();
        int windows = 0;
        while (windows < warmup + seconds) {
            var read =
                    broker.read(
                            Principal.LOCAL,
                            new ReadRequest(
                                    "results",
                                    null,
                                    next,
                                    100,
                                    Duration.ofSeconds(5),
                                    ContextPattern.of("/derived/averages")));
            long now = System.currentTimeMillis();
            next = new Start.Resume(read.position());
            for (StoredEvent stored : read.events()) {
                Bytes data = stored.event().data();
                if (data != null && windows++ >= warmup) {
                    String end = JSON.readTree(data.toUtf8()).get("window_end").asString();
                    late.add(
                            now
                                    - LocalDateTime.parse(end)
                                            .toInstant(ZoneOffset.UTC)
                                            .toEpochMilli());
                }
            }
        }
        return late;
    }

    private static void print(List<Long> late) {
        Collections.sort(late);
        System.out.printf(
                "%d windows: results %d ms (median), %d ms (nine of ten), %d ms (longest) after the end%n",
                late.size(),
                late.get(late.size() / 2),
                late.get(late.size() * 9 / 10),
                late.getLast());
    }
}

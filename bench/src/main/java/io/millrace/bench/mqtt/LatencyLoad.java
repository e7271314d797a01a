package io.millrace.bench.mqtt;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/// A steady rate from one publisher to one subscriber. The time runs from the moment at which a
/// message is due, so that a broker that falls behind does not hide what waits.
///
/// @param rate messages a second
/// @param synced whether a message is on disk before anybody gets it, where the broker can promise
///   that; mosquitto never does
record LatencyLoad(int rate, int bytes, int qos, boolean synced) implements Load {
    private static final long SECOND = 1_000_000_000;
    private static final double MILLI = 1e6;
    private static final double HALF = 0.5;
    private static final double MOST = 0.99;

    @Override
    public String name() {
        return "publish to receive, %,d/s, QoS %d, %d bytes, %s stream"
                .formatted(rate, qos, bytes, synced ? "synced" : "buffered");
    }

    private String root() {
        return synced ? "latency-synced" : "latency";
    }

    private String topic() {
        return root() + "/messages";
    }

    @Override
    public String sides() {
        return "millrace,mosquitto,hivemq";
    }

    @Override
    public List<Measure> run(MqttSide side, Duration duration)
            throws IOException, InterruptedException {
        side.create(root(), synced);
        int messages = (int) (duration.toMillis() * rate / 1000);
        Arrivals arrivals = new Arrivals(messages);
        try (Loop loop = new Loop();
                Wire _ =
                        Wire.connect(side.port(), "subscriber", true)
                                .subscribe(topic(), qos)
                                .join(loop, arrivals);
                Loop acknowledging = new Loop();
                Wire publisher =
                        Wire.connect(side.port(), "publisher", true)
                                .join(acknowledging, new Wire.Receiver() {})) {
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> send(publisher, acknowledging, messages));
            loop.until(arrivals::complete, () -> {}, "all messages");
            sending.join();
        }
        long[] nanos = arrivals.nanos;
        Arrays.sort(nanos);
        return List.of(
                new Measure("p50", nanos[(int) ((messages - 1) * HALF)] / MILLI, "ms"),
                new Measure("p99", nanos[(int) ((messages - 1) * MOST)] / MILLI, "ms"),
                new Measure("slowest", nanos[messages - 1] / MILLI, "ms"));
    }

    private void send(Wire publisher, Loop acknowledging, int messages) {
        Packets.Publish template = Packets.Publish.of(topic(), qos, false, bytes);
        try {
            long start = System.nanoTime();
            for (int i = 0; i < messages; i++) {
                long due = start + i * SECOND / rate;
                // What was acknowledged is read while there is time.
                acknowledging.glance();
                for (long wait = due - System.nanoTime();
                        wait > 0;
                        wait = due - System.nanoTime()) {
                    LockSupport.parkNanos(wait);
                }
                publisher.publish(template, i, due);
                publisher.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Arrivals implements Wire.Receiver {
        private final Series series = new Series("subscriber");
        private final long[] nanos;

        Arrivals(int messages) {
            nanos = new long[messages];
        }

        boolean complete() {
            return series.count() == nanos.length;
        }

        @Override
        public void message(long number, long due, boolean retained) {
            nanos[(int) series.count()] = System.nanoTime() - due;
            series.take(number);
        }
    }
}

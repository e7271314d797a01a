package io.millrace.bench.mqtt;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Many publishers, each to a topic of its own, QoS 1, with a window of messages that are not
/// acknowledged. A persistent session that is away has a subscription to all topics, so that each
/// broker has to keep everything; after the time it comes back and takes everything, in order.
///
/// @param window of each publisher
/// @param synced whether Millrace has each message on disk before it acknowledges it
record FanInLoad(int publishers, int bytes, int window, boolean synced) implements Load {
    private static final String KEEPER = "keeper";
    private static final int NUMBER_BITS = 40;

    private String root() {
        return synced ? "fan-in-synced" : "fan-in-buffered";
    }

    @Override
    public String name() {
        return "fan-in, %d publishers, QoS 1, %d bytes, kept for a session that is away, %s"
                .formatted(publishers, bytes, synced ? "synced stream" : "buffered stream");
    }

    @Override
    public String sides() {
        return "millrace,mosquitto-1,mosquitto-1800,hivemq";
    }

    @Override
    public void prepare(MqttSide side) throws IOException, InterruptedException {
        side.create(root(), synced);
    }

    @Override
    public List<Measure> run(MqttSide side, Duration duration) throws IOException {
        Wire.connect(side.port(), KEEPER, true).close();
        Wire.connect(side.port(), KEEPER, false).subscribe(root() + "/#", 1).close();
        List<Measure> measures = new ArrayList<>();
        List<Publisher> all = new ArrayList<>();
        try (Loop loop = new Loop()) {
            for (int i = 0; i < publishers; i++) {
                all.add(new Publisher(this, i, side.port(), loop));
            }
            Clock clock = new Clock(side);
            loop.until(
                    () -> !clock.runs(duration) && all.stream().allMatch(Publisher::settled),
                    () -> {
                        for (Publisher each : all) {
                            each.publish(clock.runs(duration));
                        }
                    },
                    "all acknowledgements");
            measures.addAll(clock.stop("acknowledged", total(all)));
            for (Publisher each : all) {
                each.wire.close();
            }
        }
        measures.add(drain(side, all));
        Wire.connect(side.port(), KEEPER, true).close();
        return measures;
    }

    private static long total(List<Publisher> all) {
        return all.stream().mapToLong(each -> each.sent).sum();
    }

    private static Measure drain(MqttSide side, List<Publisher> all) throws IOException {
        long total = total(all);
        Drain drain = new Drain(all.size());
        try (Loop loop = new Loop()) {
            Clock clock = new Clock(side);
            try (Wire _ = Wire.connect(side.port(), KEEPER, false).join(loop, drain)) {
                loop.until(
                        () -> drain.count == total,
                        () -> {},
                        "%,d kept messages of %,d".formatted(total, drain.count));
                double seconds = clock.seconds();
                for (int i = 0; i < all.size(); i++) {
                    if (drain.series.get(i).count() != all.get(i).sent) {
                        throw new IllegalStateException("messages of publisher " + i + " are lost");
                    }
                }
                return new Measure("taken by the session", total / seconds, "/s");
            }
        }
    }

    private static final class Drain implements Wire.Receiver {
        private final List<Series> series = new ArrayList<>();
        private long count;

        Drain(int publishers) {
            for (int i = 0; i < publishers; i++) {
                series.add(new Series("publisher " + i));
            }
        }

        @Override
        public void message(long number, long nanos, boolean retained) {
            count++;
            series.get((int) (number >>> NUMBER_BITS)).take(number & (1L << NUMBER_BITS) - 1);
        }
    }

    private static final class Publisher implements Wire.Receiver {
        private final FanInLoad load;
        private final long mark;
        private final Packets.Publish template;
        private final Wire wire;
        private long sent;
        private long acknowledged;

        Publisher(FanInLoad load, int number, int port, Loop loop) throws IOException {
            this.load = load;
            this.mark = (long) number << NUMBER_BITS;
            this.template =
                    Packets.Publish.of(load.root() + "/sensor-" + number, 1, false, load.bytes);
            this.wire = Wire.connect(port, "publisher-" + number, true).join(loop, this);
        }

        @Override
        public void acknowledged() {
            acknowledged++;
        }

        void publish(boolean more) throws IOException {
            // Half a window at a time: packets of few messages would measure the sockets.
            if (more && sent - acknowledged <= load.window / 2) {
                while (sent < acknowledged + load.window) {
                    wire.publish(template, mark | sent++, 0);
                }
                wire.flush();
            }
        }

        boolean settled() {
            return acknowledged == sent;
        }
    }
}

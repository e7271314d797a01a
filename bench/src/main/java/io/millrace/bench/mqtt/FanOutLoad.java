package io.millrace.bench.mqtt;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One publisher to many subscribers, QoS 1 everywhere. The publisher pauses while too many of its
/// messages are not acknowledged, or have not reached every subscriber, so that no broker is
/// measured with a backlog that grows. A round ends when everything has arrived.
///
/// @param window how many messages may be under way
record FanOutLoad(int subscribers, int bytes, int window) implements Load {
    private static final String TOPIC = "fan-out/messages";

    @Override
    public String name() {
        return "fan-out, 1 publisher to %d subscribers, QoS 1, %d bytes"
                .formatted(subscribers, bytes);
    }

    @Override
    public String sides() {
        return "millrace,mosquitto,hivemq,hivemq-memory";
    }

    @Override
    public List<Measure> run(MqttSide side, Duration duration) throws IOException {
        try (Loop loop = new Loop();
                Round round = Round.connect(this, side, loop)) {
            Clock clock = new Clock(side);
            loop.until(
                    () -> !clock.runs(duration) && round.arrived(),
                    () -> round.publish(clock.runs(duration)),
                    "all that was published");
            return clock.stop("delivered", round.sent * subscribers);
        }
    }

    private static final class Round implements AutoCloseable {
        private final FanOutLoad load;
        private final Packets.Publish template;
        private final List<Wire> wires = new ArrayList<>();
        private final List<Series> series = new ArrayList<>();
        private final Wire publisher;
        private long sent;
        private long acknowledged;

        private Round(FanOutLoad load, Wire publisher) {
            this.load = load;
            this.publisher = publisher;
            this.template = Packets.Publish.of(TOPIC, 1, false, load.bytes);
        }

        static Round connect(FanOutLoad load, MqttSide side, Loop loop) throws IOException {
            Round round = new Round(load, Wire.connect(side.port(), "publisher", true));
            for (int i = 0; i < load.subscribers; i++) {
                Series each = new Series("subscriber " + i);
                round.series.add(each);
                round.wires.add(
                        Wire.connect(side.port(), "subscriber-" + i, true)
                                .subscribe(TOPIC, 1)
                                .join(loop, round.counting(each)));
            }
            round.publisher.join(loop, round.acknowledging());
            return round;
        }

        private Wire.Receiver counting(Series each) {
            return new Wire.Receiver() {
                @Override
                public void message(long number, long nanos, boolean retained) {
                    each.take(number);
                }
            };
        }

        private Wire.Receiver acknowledging() {
            return new Wire.Receiver() {
                @Override
                public void acknowledged() {
                    acknowledged++;
                }
            };
        }

        private long slowest() {
            long slowest = Long.MAX_VALUE;
            for (Series each : series) {
                slowest = Math.min(slowest, each.count());
            }
            return slowest;
        }

        void publish(boolean more) throws IOException {
            if (more) {
                long end = Math.min(acknowledged, slowest()) + load.window;
                while (sent < end) {
                    publisher.publish(template, sent++, 0);
                }
            }
            publisher.flush();
        }

        boolean arrived() {
            return acknowledged == sent && slowest() == sent;
        }

        @Override
        public void close() throws IOException {
            publisher.close();
            for (Wire each : wires) {
                each.close();
            }
        }
    }
}

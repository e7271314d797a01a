package io.millrace.bench.mqtt;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// As many retained messages as topics, all published by one client with QoS 1, and then a
/// subscriber to `#` who gets them all.
///
/// @param window of the publisher
record RetainedLoad(int topics, int bytes, int window) implements Load {
    @Override
    public String name() {
        return "%,d retained messages of %d bytes, to a new subscriber".formatted(topics, bytes);
    }

    @Override
    public String sides() {
        return "millrace,mosquitto,hivemq";
    }

    @Override
    public boolean fresh() {
        return true;
    }

    @Override
    public List<Measure> run(MqttSide side, Duration duration) throws IOException {
        List<Measure> measures = new ArrayList<>();
        measures.add(new Measure("memory before", side.residentMegabytes(), "MB"));
        try (Loop loop = new Loop()) {
            Clock publishing = new Clock(side);
            publish(side, loop);
            measures.add(new Measure("retained", topics / publishing.seconds(), "/s"));
            measures.add(new Measure("memory with them", side.residentMegabytes(), "MB"));
            Seen seen = new Seen();
            try (Wire subscriber = Wire.connect(side.port(), "subscriber", true).join(loop, seen)) {
                Clock clock = new Clock(side);
                subscriber.request(Packets.subscribe("#", 1));
                loop.until(() -> seen.count == topics, () -> {}, "all retained messages");
                measures.add(new Measure("until all have arrived", clock.seconds(), "s"));
            }
            measures.add(new Measure("memory after", side.residentMegabytes(), "MB"));
        }
        return measures;
    }

    private void publish(MqttSide side, Loop loop) throws IOException {
        Settled settled = new Settled();
        long[] sent = {0};
        try (Wire publisher = Wire.connect(side.port(), "publisher", true).join(loop, settled)) {
            loop.until(
                    () -> settled.count == topics,
                    () -> {
                        while (sent[0] < Math.min(topics, settled.count + window)) {
                            publisher.publish(template((int) sent[0]), sent[0]++, 0);
                        }
                        publisher.flush();
                    },
                    "all acknowledgements");
        }
    }

    /// As in buildings: some levels, and a hundred things on each of the last.
    private Packets.Publish template(int number) {
        String topic = "building/%d/room/%d".formatted(number / 100, number % 100);
        return Packets.Publish.of(topic, 1, true, bytes);
    }

    private static final class Settled implements Wire.Receiver {
        private long count;

        @Override
        public void acknowledged() {
            count++;
        }
    }

    private static final class Seen implements Wire.Receiver {
        private final BitSet numbers = new BitSet();
        private int count;

        @Override
        public void message(long number, long nanos, boolean retained) {
            if (!retained || numbers.get((int) number)) {
                throw new IllegalStateException(
                        "message %d came twice, or not as a retained one".formatted(number));
            }
            numbers.set((int) number);
            count++;
        }
    }
}

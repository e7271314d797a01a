package io.millrace.bench.mqtt;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Clients that are connected and do nothing, and then have a subscription each: what they cost the
/// broker in memory. One process opens them all, so `ulimit -n` has to allow for more than there
/// are clients.
record IdleLoad(int clients) implements Load {
    /// Long enough for a broker to tidy up after many have connected at once.
    private static final long REST_MILLIS = 8_000;

    @Override
    public String name() {
        return "%,d connected clients that idle".formatted(clients);
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
    public List<Measure> run(MqttSide side, Duration duration)
            throws IOException, InterruptedException {
        List<Measure> measures = new ArrayList<>();
        List<Wire> wires = new ArrayList<>();
        try {
            measures.add(memory("before", side));
            Clock clock = new Clock(side);
            for (int i = 0; i < clients; i++) {
                wires.add(Wire.connect(side.port(), "idle-" + i, true));
            }
            measures.add(new Measure("connecting", clients / clock.seconds(), "/s"));
            measures.add(memory("connected", side));
            for (int i = 0; i < clients; i++) {
                wires.get(i).subscribe("idle/%d/commands".formatted(i), 1);
            }
            measures.add(memory("with a subscription each", side));
        } finally {
            for (Wire each : wires) {
                each.close();
            }
        }
        return measures;
    }

    private static Measure memory(String when, MqttSide side)
            throws IOException, InterruptedException {
        TimeUnit.MILLISECONDS.sleep(REST_MILLIS);
        return new Measure(when, side.residentMegabytes(), "MB");
    }
}

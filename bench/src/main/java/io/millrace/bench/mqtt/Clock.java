package io.millrace.bench.mqtt;

import java.time.Duration;
import java.util.List;

/// Time and processor time of a round, of the broker and of this process.
final class Clock {
    private static final double NANOS = 1e9;
    private static final double THOUSAND = 1e3;

    private final MqttSide side;
    private final long nanos = System.nanoTime();
    private final long serverMillis;
    private final long clientMillis = ownMillis();

    Clock(MqttSide side) {
        this.side = side;
        this.serverMillis = side.cpuMillis();
    }

    private static long ownMillis() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    }

    double seconds() {
        return (System.nanoTime() - nanos) / NANOS;
    }

    boolean runs(Duration duration) {
        return System.nanoTime() - nanos < duration.toNanos();
    }

    /// @param what was done, as `delivered`
    List<Measure> stop(String what, long messages) {
        double count = Math.max(1, messages);
        return List.of(
                new Measure(what, messages / seconds(), "/s"),
                new Measure(
                        "server CPU for a million",
                        (side.cpuMillis() - serverMillis) * THOUSAND / count,
                        "s"),
                new Measure(
                        "client CPU for a million",
                        (ownMillis() - clientMillis) * THOUSAND / count,
                        "s"));
    }
}

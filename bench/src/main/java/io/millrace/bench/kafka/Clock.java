package io.millrace.bench.kafka;

import java.time.Duration;

/// Measures the time and the processor time of a round, of the server and of this process.
final class Clock {
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1000;

    private final KafkaSide side;
    private final long nanos = System.nanoTime();
    private final long serverMillis;
    private final long clientMillis;

    private Clock(KafkaSide side) {
        this.side = side;
        this.serverMillis = side.cpuMillis();
        this.clientMillis = ownMillis();
    }

    static Clock start(KafkaSide side) {
        return new Clock(side);
    }

    private static long ownMillis() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    }

    Outcome stop(long records) {
        return stop(records, 0, 0);
    }

    Outcome stop(long records, double p50Millis, double p99Millis) {
        double seconds = (System.nanoTime() - nanos) / NANOS;
        double share = Outcome.MILLION / MILLIS / Math.max(1, records);
        return new Outcome(
                records / seconds,
                (side.cpuMillis() - serverMillis) * share,
                (ownMillis() - clientMillis) * share,
                p50Millis,
                p99Millis);
    }
}

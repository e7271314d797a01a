package io.millrace.bench.query;

import io.millrace.bench.Arguments;
import io.millrace.bench.BenchFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A filter and a keyed tumbling average over stored events: Millrace's queries, beside the same
/// Flink that reads the same records from Apache Kafka. Both in turns, each statement from its text
/// to its last row. `--kafka DIR` is a folder with Kafka's jars; without it only Millrace runs.
public final class QueryRun {
    private QueryRun() {}

    public static void main(String[] given) throws Exception {
        Arguments arguments =
                Arguments.of(
                        given, "kafka events rounds warmup partitions sensors parallelism window");
        int events = arguments.number("events", 5_000_000);
        int partitions = arguments.number("partitions", 4);
        int parallelism = arguments.number("parallelism", 1);
        Path kafka = arguments.path("kafka");
        Readings readings = new Readings(arguments.number("sensors", 1000));
        String sql = sql(arguments.number("window", 60));
        try (BenchFolder folder = BenchFolder.create();
                Millrace millrace =
                        new Millrace(
                                folder.path().resolve("millrace"), sql, partitions, parallelism);
                @Nullable FlinkOnKafka peer =
                        kafka == null
                                ? null
                                : new FlinkOnKafka(
                                        folder.path().resolve("kafka"),
                                        kafka,
                                        sql,
                                        partitions,
                                        parallelism)) {
            millrace.fill(readings, events);
            if (peer != null) {
                peer.fill(readings, events);
            }
            List<Side> sides = peer == null ? List.of(millrace) : List.of(millrace, peer);
            measure(sides, events, arguments.number("warmup", 2), arguments.number("rounds", 5));
        }
        // Flink leaves threads behind.
        System.exit(0);
    }

    private static String sql(int windowSeconds) {
        return """
        SELECT sensor, window_end, AVG(celsius) AS average, COUNT(*) AS counted
        FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(event_time), INTERVAL '%d' SECOND))
        WHERE celsius > 16
        GROUP BY sensor, window_start, window_end
        """
                .formatted(windowSeconds);
    }

    /// Of this process, where Flink and Millrace are, and of the side's other ones.
    private static long cpuMillis(Side side) {
        long here =
                ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
        return here + side.cpuMillis();
    }

    private static void measure(List<Side> sides, long events, int warmup, int rounds)
            throws Exception {
        List<Double> ratios = new ArrayList<>();
        for (int round = -warmup; round < rounds; round++) {
            List<Double> rates = new ArrayList<>();
            Side.@Nullable Answer first = null;
            for (Side side : sides) {
                long cpuBegin = cpuMillis(side);
                long begin = System.nanoTime();
                Side.Answer answer = side.answer();
                double seconds = (System.nanoTime() - begin) / 1e9;
                double cpu = (cpuMillis(side) - cpuBegin) / 1e3;
                rates.add(events / seconds);
                System.out.printf(
                        "%s %d: %s, %.2f s, %,.0f events/s, %.2f s of processors, %s%n",
                        round < 0 ? "warm-up" : "round",
                        round,
                        side.name(),
                        seconds,
                        events / seconds,
                        cpu,
                        answer);
                if (first != null && !first.agrees(answer)) {
                    throw new IllegalStateException("the sides do not agree");
                }
                first = answer;
            }
            if (round >= 0 && rates.size() == 2) {
                ratios.add(rates.getFirst() / rates.getLast());
            }
        }
        if (!ratios.isEmpty()) {
            Collections.sort(ratios);
            System.out.printf(
                    "ratio: median %.2f (%.2f to %.2f)%n",
                    ratios.get(ratios.size() / 2), ratios.getFirst(), ratios.getLast());
        }
    }
}

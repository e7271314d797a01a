package io.millrace.bench.kafka;

import io.millrace.bench.Arguments;
import io.millrace.bench.BenchFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/// Millrace beside Apache Kafka: the same client, the same load, round by round in turns, so that a
/// machine whose speed drifts slows both. The other server idles meanwhile. Where a load does
/// little but move bytes, a [Floor] shows what that alone costs.
///
/// Options: `--kafka FOLDER` with Kafka's jars (without it there is only Millrace), `--millrace no`
/// for Kafka alone, `--loads produce,replay,latency,share,synced,many`, `--rounds 5 --seconds 5
/// --warmup 30`, `--producers 2`, `--batch 16384` (`batch.size`), `--records 5000000` of the
/// replay, `--jobs 200000` of the share group, `--topics 1000 --groups 200 --rate 5000`, `--keep
/// 128` (MiB) of each partition that is only produced to, 0 for all. Where everything is kept, the
/// page cache takes memory that has not been used for long, and a virtual machine may have to get
/// that from its host page by page: then it is this that is measured.
public final class KafkaRun {
    private static final int SMALL = 200;
    private static final int LARGE = 1024;
    private static final int LATENCY_RATE = 2_000;
    private static final int SHARERS = 2;
    private static final int ATTEMPTS = 3;

    private final Arguments arguments;
    private final List<KafkaSide> sides = new ArrayList<>();
    private @Nullable Floor floor;

    private KafkaRun(Arguments arguments) {
        this.arguments = arguments;
    }

    public static void main(String[] given) throws Exception {
        Arguments arguments =
                Arguments.of(
                        given,
                        "kafka millrace loads rounds seconds warmup producers batch records jobs"
                                + " topics groups rate keep");
        try (BenchFolder folder = BenchFolder.create()) {
            KafkaRun run = new KafkaRun(arguments);
            try {
                run.start(folder.path());
                for (Load load : run.loads()) {
                    run.measure(load);
                }
            } finally {
                run.stop();
            }
        }
    }

    private void start(Path folder) throws IOException, InterruptedException {
        if (arguments.text("millrace", "yes").equals("yes")) {
            sides.add(MillraceKafka.start(folder.resolve("millrace")));
        }
        Path kafka = arguments.path("kafka");
        if (kafka != null) {
            sides.add(ApacheKafka.start(folder.resolve("kafka"), kafka));
        }
        floor = Floor.start(folder.resolve("floor"), keptBytes());
    }

    private void stop() throws IOException, InterruptedException {
        for (KafkaSide side : sides) {
            side.stop();
        }
        if (floor != null) {
            floor.stop();
        }
    }

    private List<Load> loads() {
        List<Load> loads = new ArrayList<>();
        String wanted = arguments.text("loads", "produce,replay,latency,share,synced,many");
        for (String name : wanted.split(",", -1)) {
            switch (name) {
                case "produce" -> {
                    loads.add(produce(SMALL, false));
                    loads.add(produce(LARGE, false));
                }
                case "replay" -> loads.add(new ReplayLoad(arguments.number("records", 5_000_000)));
                case "latency" -> loads.add(new LatencyLoad(LATENCY_RATE));
                case "share" ->
                        loads.add(
                                new ShareLoad(
                                        arguments.number("jobs", 200_000),
                                        SHARERS,
                                        new AtomicInteger()));
                case "synced" -> loads.add(produce(LARGE, true));
                case "many" ->
                        loads.add(
                                new ManyLoad(
                                        arguments.number("topics", 1_000),
                                        arguments.number("groups", 200),
                                        arguments.number("rate", 5_000)));
                default -> throw new IllegalArgumentException("there is no load " + name);
            }
        }
        return loads;
    }

    private Load produce(int bytes, boolean synced) {
        return new ProduceLoad(
                bytes,
                arguments.number("producers", 2),
                arguments.number("batch", 16_384),
                synced,
                keptBytes());
    }

    private long keptBytes() {
        return (long) arguments.number("keep", 128) << 20;
    }

    private void measure(Load load) throws Exception {
        System.out.println(load.name());
        List<List<Outcome>> outcomes = new ArrayList<>();
        for (KafkaSide side : sides) {
            load.prepare(side);
            warmUp(load, side);
            outcomes.add(new ArrayList<>());
        }
        Duration duration = Duration.ofSeconds(arguments.number("seconds", 5));
        List<Outcome> floors = new ArrayList<>();
        for (int round = 0; round < arguments.number("rounds", 5); round++) {
            for (int i = 0; i < sides.size(); i++) {
                outcomes.get(i).add(run(load, sides.get(i), duration));
            }
            Floor.Work work = load.floor();
            if (floor != null && work != null) {
                floors.add(floor.run(work));
            }
        }
        for (KafkaSide side : sides) {
            clear(side);
        }
        for (int i = 0; i < sides.size(); i++) {
            print(sides.get(i).name(), outcomes.get(i));
        }
        if (!floors.isEmpty()) {
            print("Bare bytes", floors);
        }
        if (sides.size() == 2) {
            printRatios(outcomes.get(0), outcomes.get(1));
        }
    }

    /// Makes room on the disk for the next load.
    private static void clear(KafkaSide side) throws Exception {
        try (Admin admin = Admin.create(Client.settings(side, Map.of()))) {
            Set<String> topics = new HashSet<>(admin.listTopics().names().get());
            topics.removeAll(MillraceKafka.OWN_TOPICS);
            admin.deleteTopics(topics).all().get();
        }
    }

    /// A round. Kafka's client 4.4.0 was seen to stand still with Apache Kafka, with records to
    /// send and nothing on its way; such a round is said, and run again.
    private static Outcome run(Load load, KafkaSide side, Duration duration) {
        for (int attempt = 1; ; attempt++) {
            try {
                return load.run(side, duration);
            } catch (Exception e) {
                if (attempt == ATTEMPTS) {
                    throw new IllegalStateException(side.name() + " failed", e);
                }
                System.out.printf("  %s: a round was given up, %s%n", side.name(), root(e));
            }
        }
    }

    private static Throwable root(Throwable problem) {
        Throwable root = problem;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /// Some loads have rounds of their own length, and need several.
    private void warmUp(Load load, KafkaSide side) {
        Duration warmUp = Duration.ofSeconds(arguments.number("warmup", 30));
        long end = System.nanoTime() + warmUp.toNanos();
        for (long left = warmUp.toNanos(); left > 0; left = end - System.nanoTime()) {
            run(load, side, Duration.ofNanos(left).plusSeconds(1));
        }
    }

    private static void print(String name, List<Outcome> outcomes) {
        System.out.printf(
                Locale.ROOT,
                "  %-14s %,11.0f/s, server CPU %6.2f s and client CPU %6.2f s per million",
                name,
                median(outcomes, Outcome::perSecond),
                median(outcomes, Outcome::serverSeconds),
                median(outcomes, Outcome::clientSeconds));
        if (median(outcomes, Outcome::p99Millis) > 0) {
            System.out.printf(
                    Locale.ROOT,
                    ", p50 %.3f ms, p99 %.3f ms",
                    median(outcomes, Outcome::p50Millis),
                    median(outcomes, Outcome::p99Millis));
        }
        System.out.println();
    }

    private static void printRatios(List<Outcome> ours, List<Outcome> theirs) {
        printRatio("times its rate", ours, theirs, Outcome::perSecond);
        printRatio("times its server CPU", ours, theirs, Outcome::serverSeconds);
        if (median(ours, Outcome::p99Millis) > 0) {
            printRatio("times its p50", ours, theirs, Outcome::p50Millis);
            printRatio("times its p99", ours, theirs, Outcome::p99Millis);
        }
    }

    private static void printRatio(
            String what,
            List<Outcome> ours,
            List<Outcome> theirs,
            ToDoubleFunction<Outcome> measure) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(
                    measure.applyAsDouble(ours.get(i))
                            / Math.max(Double.MIN_NORMAL, measure.applyAsDouble(theirs.get(i))));
        }
        ratios.sort(null);
        System.out.printf(
                Locale.ROOT,
                "    Millrace has %.2f %s (%.2f to %.2f)%n",
                ratios.get(ratios.size() / 2),
                what,
                ratios.getFirst(),
                ratios.getLast());
    }

    private static double median(List<Outcome> outcomes, ToDoubleFunction<Outcome> measure) {
        double[] values = outcomes.stream().mapToDouble(measure).sorted().toArray();
        return values.length == 0 ? 0 : values[values.length / 2];
    }
}

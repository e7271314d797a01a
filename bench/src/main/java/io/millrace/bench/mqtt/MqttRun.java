package io.millrace.bench.mqtt;

import io.millrace.bench.Arguments;
import io.millrace.bench.BenchFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Millrace beside mosquitto and HiveMQ Community Edition over MQTT 3.1.1: the same small client,
/// the same load, round by round in turns. The other brokers idle meanwhile; for `idle` and
/// `retained` each round has a broker that has just started, and no other. From the root of the
/// sources:
///
/// ```
/// mvn -q -pl bench -am package -DskipTests && mvn -q -f bench/hivemq.xml package
/// java -cp bench/target/millrace-bench-0.1.0.jar io.millrace.bench.mqtt.MqttRun \
///     --hivemq bench/target/hivemq --loads fan-out,fan-in,latency
/// java -cp bench/target/millrace-bench-0.1.0.jar io.millrace.bench.mqtt.MqttRun \
///     --hivemq bench/target/hivemq --loads idle,retained --rounds 3
/// ```
///
/// `--help` tells the options. What the brokers promise is said at [PeerMqtt] and [MillraceMqtt].
public final class MqttRun {
    private static final String HELP =
            """
            Millrace beside mosquitto and HiveMQ CE. Options, each with a value:
              --loads fan-out,fan-in,fan-in-buffered,latency,latency-synced,idle,retained
              --sides SIDE,SIDE   instead of those that a load is about; the first is compared with
                                  the others: millrace, mosquitto (in memory), mosquitto-1,
                                  mosquitto-1800 (an image on disk every so many seconds), hivemq
                                  (in files), hivemq-memory
              --mosquitto PATH    of the program, /usr/sbin/mosquitto
              --hivemq FOLDER     with its jars; without it HiveMQ is left out
              --rounds 5 --seconds 5 --warmup 15
              --bytes 128         of a payload, at least 16
              --subscribers 50 --publishers 50
              --window 1000       of fan-out and retained: messages under way
              --each 100          of fan-in: messages of each publisher that are not acknowledged
              --rate 2000         of latency, a second
              --clients 10000     of idle; ulimit -n has to allow for more
              --topics 100000     of retained
            """;
    private static final String OPTIONS =
            "loads sides mosquitto hivemq rounds seconds warmup bytes subscribers publishers"
                    + " window each rate clients topics";
    private static final String LOADS =
            "fan-out,fan-in,fan-in-buffered,latency,latency-synced,idle,retained";

    private final Arguments arguments;
    private final Path folder;
    private int started;

    private MqttRun(Arguments arguments, Path folder) {
        this.arguments = arguments;
        this.folder = folder;
    }

    public static void main(String[] given) throws Exception {
        if (List.of(given).contains("--help")) {
            System.out.print(HELP);
            return;
        }
        Arguments arguments = Arguments.of(given, OPTIONS);
        try (BenchFolder folder = BenchFolder.create()) {
            MqttRun run = new MqttRun(arguments, folder.path());
            for (Load load : run.loads()) {
                run.measure(load);
            }
        }
    }

    private List<Load> loads() {
        int bytes = Math.max(2 * Long.BYTES, arguments.number("bytes", 128));
        int window = arguments.number("window", 1_000);
        int each = arguments.number("each", 100);
        int publishers = arguments.number("publishers", 50);
        int rate = arguments.number("rate", 2_000);
        List<Load> loads = new ArrayList<>();
        for (String name : arguments.text("loads", LOADS).split(",", -1)) {
            switch (name) {
                case "fan-out" ->
                        loads.add(
                                new FanOutLoad(arguments.number("subscribers", 50), bytes, window));
                case "fan-in" -> loads.add(new FanInLoad(publishers, bytes, each, true));
                case "fan-in-buffered" -> loads.add(new FanInLoad(publishers, bytes, each, false));
                case "latency" -> {
                    loads.add(new LatencyLoad(rate, bytes, 1, false));
                    loads.add(new LatencyLoad(rate, bytes, 0, false));
                }
                case "latency-synced" -> loads.add(new LatencyLoad(rate, bytes, 1, true));
                case "idle" -> loads.add(new IdleLoad(arguments.number("clients", 10_000)));
                case "retained" ->
                        loads.add(
                                new RetainedLoad(
                                        arguments.number("topics", 100_000), bytes, window));
                default -> throw new IllegalArgumentException("there is no load " + name);
            }
        }
        return loads;
    }

    private void measure(Load load) throws IOException, InterruptedException {
        System.out.println(load.name());
        List<Turn> turns = new ArrayList<>();
        try {
            for (String name : arguments.text("sides", load.sides()).split(",", -1)) {
                if (!name.startsWith("hivemq") || arguments.path("hivemq") != null) {
                    turns.add(new Turn(name, new Comparison()));
                }
            }
            if (!load.fresh()) {
                for (Turn turn : turns) {
                    turn.warmUp(load);
                }
            }
            for (int round = 0; round < arguments.number("rounds", 5); round++) {
                for (Turn turn : turns) {
                    turn.round(load);
                }
            }
        } finally {
            for (Turn turn : turns) {
                turn.stop();
            }
        }
        turns.forEach(turn -> turn.found.print(turn.label));
        for (Turn turn : turns.subList(1, turns.size())) {
            turns.getFirst().found.printRatios(turns.getFirst().label, turn.label, turn.found);
        }
    }

    private MqttSide start(String name) throws IOException, InterruptedException {
        Path own = folder.resolve(name + "-" + started++);
        Path mosquitto = Path.of(arguments.text("mosquitto", "/usr/sbin/mosquitto"));
        return switch (name) {
            case "millrace" -> MillraceMqtt.start(own);
            case "mosquitto" -> PeerMqtt.mosquitto(own, mosquitto, 0);
            case "mosquitto-1" -> PeerMqtt.mosquitto(own, mosquitto, 1);
            case "mosquitto-1800" -> PeerMqtt.mosquitto(own, mosquitto, 1800);
            case "hivemq" -> hiveMq(own, "file");
            case "hivemq-memory" -> hiveMq(own, "in-memory");
            default -> throw new IllegalArgumentException("there is no side " + name);
        };
    }

    private MqttSide hiveMq(Path own, String mode) throws IOException, InterruptedException {
        Path libraries = arguments.path("hivemq");
        if (libraries == null) {
            throw new IllegalArgumentException("HiveMQ needs --hivemq FOLDER");
        }
        return PeerMqtt.hiveMq(own, libraries, mode);
    }

    /// One side of the comparison, with its broker while that runs.
    private final class Turn {
        private final String which;
        private final Comparison found;
        private @Nullable MqttSide side;
        private String label;

        Turn(String which, Comparison found) {
            this.which = which;
            this.label = which;
            this.found = found;
        }

        private MqttSide started(Load load) throws IOException, InterruptedException {
            if (side == null) {
                side = start(which);
                label = side.name();
                load.prepare(side);
            }
            return side;
        }

        void warmUp(Load load) throws IOException, InterruptedException {
            load.run(started(load), Duration.ofSeconds(arguments.number("warmup", 15)));
        }

        void round(Load load) throws IOException, InterruptedException {
            Duration duration = Duration.ofSeconds(arguments.number("seconds", 5));
            try {
                found.add(load.run(started(load), duration));
            } catch (IOException | RuntimeException e) {
                throw new IOException(String.format(Locale.ROOT, "%s failed", label), e);
            }
            if (load.fresh()) {
                stop();
            }
        }

        void stop() throws InterruptedException {
            if (side != null) {
                side.stop();
                side = null;
            }
        }
    }
}

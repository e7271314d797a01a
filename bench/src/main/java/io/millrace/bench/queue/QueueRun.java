package io.millrace.bench.queue;

import io.millrace.bench.Arguments;
import io.millrace.bench.BenchFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Jobs of 200 bytes through a durable queue, published and taken in batches of 100, beside
/// RabbitMQ and NATS. One broker at a time has the load, and they take turns; the others idle.
///
/// Options: `--rounds 5 --seconds 5 --warmup 15 --publishers 4 --workers 4 --window 0` (seconds for
/// which jobs are checked for duplicates), `--rabbitmq PATH` of the script `rabbitmq-server` in
/// RabbitMQ's `bin`, `--nats PATH` of `nats-server`. A peer without a path is left out.
public final class QueueRun {
    private final Arguments arguments;
    private final List<WorkQueue> started = new ArrayList<>();
    private final List<Side> sides = new ArrayList<>();

    private QueueRun(Arguments arguments) {
        this.arguments = arguments;
    }

    public static void main(String[] given) throws Exception {
        Arguments arguments =
                Arguments.of(
                        given, "rounds seconds warmup publishers workers window rabbitmq nats");
        try (BenchFolder folder = BenchFolder.create()) {
            QueueRun run = new QueueRun(arguments);
            try {
                run.start(folder.path());
                run.measure();
            } finally {
                run.stop();
            }
        }
    }

    private void start(Path folder) throws IOException, InterruptedException {
        Duration window = Duration.ofSeconds(arguments.number("window", 0));
        for (String durability : List.of("synced", "buffered")) {
            Path data = folder.resolve("millrace-" + durability);
            add(MillraceQueue.start(data, durability, window));
        }
        Path rabbit = arguments.path("rabbitmq");
        if (rabbit != null) {
            add(RabbitQueue.start(folder.resolve("rabbitmq"), rabbit));
        }
        Path nats = arguments.path("nats");
        if (nats != null) {
            for (String sync : List.of("2m", "always")) {
                add(
                        NatsQueue.start(
                                folder.resolve("nats-" + sync),
                                new NatsQueue.Settings(nats, sync, window)));
            }
        }
    }

    private void add(WorkQueue queue) {
        started.add(queue);
        JobLoad load =
                new JobLoad(
                        queue, arguments.number("publishers", 4), arguments.number("workers", 4));
        sides.add(new Side(queue, load, new ArrayList<>()));
    }

    private void measure() throws IOException, InterruptedException {
        Duration warmUp = Duration.ofSeconds(arguments.number("warmup", 15));
        for (Side side : sides) {
            side.load.run(warmUp);
        }
        Duration duration = Duration.ofSeconds(arguments.number("seconds", 5));
        for (int i = 0; i < arguments.number("rounds", 5); i++) {
            for (Side side : sides) {
                side.outcomes.add(side.load.run(duration));
            }
        }
        System.out.printf(
                "%d publishers and %d workers, batches of %d, jobs of %d bytes%n",
                arguments.number("publishers", 4),
                arguments.number("workers", 4),
                JobLoad.BATCH,
                Jobs.BYTES);
        List<Side> subjects =
                sides.stream().filter(side -> side.queue instanceof MillraceQueue).toList();
        sides.forEach(side -> side.print(subjects));
    }

    private void stop() throws IOException, InterruptedException {
        for (WorkQueue queue : started) {
            queue.stop();
        }
    }

    private record Side(WorkQueue queue, JobLoad load, List<JobLoad.Outcome> outcomes) {
        void print(List<Side> subjects) {
            System.out.printf(
                    Locale.ROOT,
                    "  %-26s %,9.0f jobs/s, server CPU %5.1f s and client CPU %5.1f s per million jobs%n",
                    queue.name(),
                    median(outcomes.stream().map(JobLoad.Outcome::perSecond).toList()),
                    median(outcomes.stream().map(JobLoad.Outcome::serverSeconds).toList()),
                    median(outcomes.stream().map(JobLoad.Outcome::clientSeconds).toList()));
            if (!subjects.contains(this)) {
                subjects.forEach(this::printRatios);
            }
        }

        private void printRatios(Side subject) {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < outcomes.size(); i++) {
                ratios.add(
                        subject.outcomes.get(i).perSecond()
                                / Math.max(1, outcomes.get(i).perSecond()));
            }
            System.out.printf(
                    Locale.ROOT,
                    "    %s has %.2f times its rate (%.2f to %.2f)%n",
                    subject.queue.name(),
                    median(ratios),
                    ratios.stream().min(Double::compare).orElseThrow(),
                    ratios.stream().max(Double::compare).orElseThrow());
        }

        private static double median(List<Double> values) {
            return values.stream().sorted().toList().get(values.size() / 2);
        }
    }
}

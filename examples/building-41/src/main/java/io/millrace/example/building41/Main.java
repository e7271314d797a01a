package io.millrace.example.building41;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/// The simulator as a program: runs the model beside the clock on the wall and publishes what its
/// sensors report until it is stopped.
public final class Main {
    private static final int BACKLOG_MAX = 20_000;
    private static final Duration FAREWELL_MAX = Duration.ofSeconds(2);

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.parse(arguments, Instant.now());
        } catch (IllegalArgumentException e) {
            System.err.println("building-41: " + e.getMessage());
            System.err.print(Options.USAGE);
            System.exit(2);
            return;
        }
        run(options);
    }

    private static void run(Options options) throws InterruptedException {
        Backlog backlog = new Backlog(BACKLOG_MAX);
        Publisher publisher =
                new Publisher(options.server(), backlog, System.out, Duration.ofMillis(250));
        Thread sender = Thread.ofPlatform().name("publisher").start(publisher);
        Thread model = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> stop(model, sender, backlog, publisher)));
        react(options);
        Building building = new Building();
        Simulation simulation =
                new Simulation(building, options.seed(), options.rate(), options.start());
        System.out.printf(
                "building-41: %d rooms, %d sensors, seed %d, speed %s, from %s, to %s%n",
                building.rooms().size(),
                building.rooms().size() * 4,
                options.seed(),
                options.speed(),
                simulation.now(),
                options.server());
        try {
            pace(simulation, backlog, options.speed());
        } catch (InterruptedException e) {
            // Asked to stop: the hook does the rest.
            sender.join();
        }
    }

    private static void react(Options options) {
        try {
            Reactions reactions = new Reactions(options.server(), options.port(), System.out);
            Runtime.getRuntime().addShutdownHook(new Thread(reactions::close));
        } catch (IOException e) {
            System.out.printf(
                    "building-41: does not react, as port %d cannot be used: %s%n",
                    options.port(), e.getMessage());
        }
    }

    /// Lets the simulated seconds pass, each when its time has come.
    private static void pace(Simulation simulation, Backlog backlog, double speed)
            throws InterruptedException {
        long origin = System.nanoTime();
        for (long second = 1; ; second++) {
            backlog.add(simulation.second());
            long due = origin + (long) (second * 1e9 / speed);
            long ahead = due - System.nanoTime();
            if (ahead > 0) {
                Thread.sleep(Duration.ofNanos(ahead));
            } else if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static void stop(Thread model, Thread sender, Backlog backlog, Publisher publisher) {
        model.interrupt();
        backlog.close();
        try {
            if (!sender.join(FAREWELL_MAX)) {
                sender.interrupt();
            }
        } catch (InterruptedException e) {
            sender.interrupt();
        }
        long settled = publisher.published() + publisher.refused() + backlog.dropped();
        System.out.printf(
                "building-41: stopped; %d events published, %d refused, %d dropped, %d unsent%n",
                publisher.published(),
                publisher.refused(),
                backlog.dropped(),
                backlog.added() - settled);
    }
}

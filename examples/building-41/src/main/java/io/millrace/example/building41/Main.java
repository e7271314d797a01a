package io.millrace.example.building41;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/// The simulator as a program: runs the model beside the clock on the wall and publishes what its
/// sensors report until it is stopped.
public final class Main {
    private static final int BACKLOG_MAX = 20_000;
    private static final Duration PAUSE_MIN = Duration.ofMillis(250);
    private static final Duration FAREWELL_MAX = Duration.ofSeconds(2);

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.parse(arguments, System.getenv(), Instant.now());
        } catch (IllegalArgumentException e) {
            System.err.println("building-41: " + e.getMessage());
            System.err.print(Options.USAGE);
            System.exit(2);
            return;
        }
        run(options);
    }

    private static void run(Options options) throws InterruptedException {
        Building building = new Building();
        Outlet outlet = outlet(building, options.way());
        Thread model = Thread.currentThread();
        Thread farewell = new Thread(() -> stop(model, outlet));
        Runtime.getRuntime().addShutdownHook(farewell);
        react(options);
        Simulation simulation =
                new Simulation(building, options.seed(), options.rate(), options.start());
        System.out.printf(
                "building-41: %d rooms, %d sensors, seed %d, speed %s, from %s, to %s%n",
                building.rooms().size(),
                building.rooms().size() * 4,
                options.seed(),
                options.speed(),
                simulation.now(),
                options.way());
        try {
            pace(simulation, outlet, options.speed());
        } catch (InterruptedException e) {
            // Asked to stop: the hook does the rest.
            farewell.join();
        }
    }

    private static Outlet outlet(Building building, Way way) {
        return switch (way) {
            case Way.Http http -> new HttpOutlet(http.server(), BACKLOG_MAX, System.out, PAUSE_MIN);
            case Way.Mqtt mqtt ->
                    new MqttOutlet(building, mqtt, BACKLOG_MAX, System.out, PAUSE_MIN);
        };
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
    private static void pace(Simulation simulation, Outlet outlet, double speed)
            throws InterruptedException {
        long origin = System.nanoTime();
        for (long second = 1; ; second++) {
            outlet.add(simulation.second());
            long due = origin + (long) (second * 1e9 / speed);
            long ahead = due - System.nanoTime();
            if (ahead > 0) {
                Thread.sleep(Duration.ofNanos(ahead));
            } else if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static void stop(Thread model, Outlet outlet) {
        model.interrupt();
        try {
            outlet.close(FAREWELL_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Outlet.Tally tally = outlet.tally();
        System.out.printf(
                "building-41: stopped; %d events published, %d refused, %d dropped, %d unsent%n",
                tally.published(), tally.refused(), tally.dropped(), tally.unsent());
    }
}

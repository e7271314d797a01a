package io.millrace.example.toll;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// The example as a program: sets everything up, lets cars pass, and compares.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (Arrays.asList(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            return;
        }
        Options options;
        try {
            String data = Objects.requireNonNullElse(System.getenv("MILLRACE_DATA"), "");
            options = Options.parse(data, arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("toll: " + e.getMessage());
            System.err.print(Options.USAGE);
            System.exit(2);
            return;
        }
        try {
            System.exit(run(options));
        } catch (ConnectException _) {
            System.err.printf("toll: nobody listens at %s%n", options.server());
            System.exit(1);
        }
    }

    private static int run(Options options) throws IOException, InterruptedException {
        try (MillraceClient millrace = new MillraceClient(options.server())) {
            System.out.println("toll: sets up; the query engine takes some seconds");
            millrace.apply(resources());
            Operator operator = new Operator(millrace, System.out);
            List<Happening> history = history(options);
            if (history.isEmpty()) {
                operator.open(new Road(options.seed(), Instant.now()));
            }
            return operator.replay(history);
        }
    }

    /// What is published at once: files, or the minutes before now; empty for neither.
    private static List<Happening> history(Options options) throws IOException {
        if (!options.data().isEmpty()) {
            return TollFiles.read(Path.of(options.data(), "asa-toll"));
        }
        if (options.minutes() == 0) {
            return List.of();
        }
        Instant now = Instant.now();
        Road road = new Road(options.seed(), now.minus(Duration.ofMinutes(options.minutes())));
        List<Happening> all = new ArrayList<>(road.registrations());
        for (Happening next = road.next(); next.time().isBefore(now); next = road.next()) {
            all.add(next);
        }
        return all;
    }

    static String resources() throws IOException {
        try (InputStream in = Main.class.getResourceAsStream("resources.yaml")) {
            if (in == null) {
                throw new IOException("resources.yaml is missing in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

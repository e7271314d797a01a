package io.millrace.example.markets;

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

/// The example as a program: sets everything up, publishes trades, and compares.
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
            System.err.println("markets: " + e.getMessage());
            System.err.print(Options.USAGE);
            System.exit(2);
            return;
        }
        try {
            System.exit(run(options));
        } catch (ConnectException _) {
            System.err.printf("markets: nobody listens at %s%n", options.server());
            System.exit(1);
        }
    }

    private static int run(Options options) throws IOException, InterruptedException {
        try (MillraceClient millrace = new MillraceClient(options.server())) {
            System.out.println("markets: sets up; the query engine takes some seconds");
            millrace.apply(resources());
            Exchange exchange = new Exchange(millrace, System.out);
            List<Trade> trades = history(options);
            if (trades.isEmpty()) {
                exchange.trade(new Market(options.seed(), Instant.now()));
            }
            return new Auditor(millrace, System.out).audit(trades, exchange.replay(trades));
        }
    }

    /// What is published at once: a file, or the minutes before now; empty for neither.
    private static List<Trade> history(Options options) throws IOException {
        if (!options.data().isEmpty()) {
            return TradeFile.read(Path.of(options.data(), "trades", "btc_trades.csv"));
        }
        Instant now = Instant.now();
        Market market =
                new Market(options.seed(), now.minus(Duration.ofMinutes(options.minutes())));
        List<Trade> trades = new ArrayList<>();
        for (Trade next = market.next(); next.time().isBefore(now); next = market.next()) {
            trades.add(next);
        }
        return trades;
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

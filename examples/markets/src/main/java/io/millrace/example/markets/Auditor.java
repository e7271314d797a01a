package io.millrace.example.markets;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Compares what the queries say with what plain Java says of the same trades. One thread.
final class Auditor {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final double ROUNDED = 0.011;

    private final MillraceClient millrace;
    private final PrintStream out;

    Auditor(MillraceClient millrace, PrintStream out) {
        this.millrace = millrace;
        this.out = out;
    }

    /// Waits until everything is there that the trades make final, and prints it.
    ///
    /// @return the exit code of the program: 0 if all agree
    int audit(List<Trade> trades, List<Signal> signals) throws IOException, InterruptedException {
        Map<String, Candle> candles = finished(trades);
        Map<String, Double> worth = Worth.of(signals, candles.values());
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<String> wrong;
        do {
            Thread.sleep(Duration.ofMillis(300));
            wrong = new ArrayList<>(wrongCandles(candles));
            wrong.addAll(wrongWorth(worth));
        } while (!wrong.isEmpty() && System.nanoTime() < end);
        wrong.forEach(each -> out.println("WRONG: " + each));
        if (!wrong.isEmpty()) {
            return 1;
        }
        print(candles, worth);
        out.printf("%d candles and %d values of signals agree%n", candles.size(), worth.size());
        return 0;
    }

    /// The candles of minutes that are over for all symbols.
    static Map<String, Candle> finished(List<Trade> trades) {
        Map<String, Instant> last = new HashMap<>();
        trades.forEach(trade -> last.put(trade.symbol(), trade.time()));
        Instant all = last.isEmpty() ? Instant.MIN : Collections.min(last.values());
        Map<String, Candle> candles = Candle.of(trades);
        candles.values().removeIf(candle -> candle.end().plus(DELAY).isAfter(all));
        return candles;
    }

    private List<String> wrongCandles(Map<String, Candle> expected)
            throws IOException, InterruptedException {
        Map<String, Candle> missing = new TreeMap<>(expected);
        List<String> wrong = new ArrayList<>();
        for (Map<String, Object> row : millrace.stored("events", "/markets/candles/**")) {
            Candle found = Candle.of(row);
            Candle right = expected.get(found.key());
            if (right == null) {
                // A minute that was not over for all symbols, or of an earlier run.
                continue;
            }
            if (missing.remove(found.key()) == null) {
                wrong.add(found.key() + " came twice");
            } else if (!right.agrees(found)) {
                wrong.add("%s instead of %s".formatted(found, right));
            }
        }
        missing.values().forEach(candle -> wrong.add(candle + " is missing"));
        return wrong;
    }

    private List<String> wrongWorth(Map<String, Double> expected)
            throws IOException, InterruptedException {
        Map<String, Map<String, Object>> found = millrace.entries("signal-value");
        List<String> wrong = new ArrayList<>();
        expected.forEach((key, gain) -> {
            Map<String, Object> row = found.get(key);
            if (row == null) {
                wrong.add("the value of " + key + " is missing");
            } else if (Math.abs(Double.parseDouble(Json.textIn(row, "gain")) - gain) > ROUNDED) {
                wrong.add("the value of %s is %s instead of %.2f".formatted(key, row, gain));
            }
        });
        return wrong;
    }

    private void print(Map<String, Candle> candles, Map<String, Double> worth) {
        out.printf(
                "%-8s %-20s %10s %10s %10s %10s %12s %10s%n",
                "symbol", "until", "open", "high", "low", "close", "volume", "average");
        Map<String, Candle> latest = new TreeMap<>();
        candles.values().forEach(candle -> latest.put(candle.symbol(), candle));
        latest.values()
                .forEach(candle ->
                        out.printf(
                                Locale.ROOT,
                                "%-8s %-20s %10s %10s %10s %10s %12s %10.2f%n",
                                candle.symbol(),
                                candle.end(),
                                candle.open(),
                                candle.high(),
                                candle.low(),
                                candle.close(),
                                candle.volume(),
                                candle.vwap()));
        Map<Integer, List<Double>> byAge = new TreeMap<>();
        worth.forEach((key, gain) ->
                byAge.computeIfAbsent(
                                Integer.parseInt(key.substring(key.lastIndexOf('/') + 1)),
                                _ -> new ArrayList<>())
                        .add(gain));
        byAge.forEach((age, gains) ->
                out.printf(
                        Locale.ROOT,
                        "a signal of %2d min was worth %7.2f of 10,000 on average, of %d%n",
                        age,
                        gains.stream().mapToDouble(Double::doubleValue).average().orElse(0),
                        gains.size()));
    }
}

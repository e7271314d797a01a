package io.millrace.example.markets;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What signals were worth by the candles of the ten minutes behind them, in parts of ten thousand.
final class Worth {
    private static final Duration FROM = Duration.ofMinutes(1);
    private static final Duration UNTIL = Duration.ofMinutes(10);
    private static final double PARTS = 10_000;

    private Worth() {}

    /// By signal and age in minutes, as the view `signal-value` has them.
    static Map<String, Double> of(List<Signal> signals, Collection<Candle> candles) {
        Map<String, Double> worth = new TreeMap<>();
        for (Signal signal : signals) {
            for (Candle candle : candles) {
                Duration age = Duration.between(signal.time(), candle.end());
                if (candle.symbol().equals(signal.symbol())
                        && age.compareTo(FROM) >= 0
                        && age.compareTo(UNTIL) <= 0) {
                    double change = (candle.vwap() - signal.price()) / signal.price();
                    worth.put(
                            signal.id() + "/" + age.toMinutes(),
                            signal.direction() * change * PARTS);
                }
            }
        }
        return worth;
    }
}

package io.millrace.example.markets;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Makes trades up: prices walk at random, by a seed. The same seed and start give the same trades.
/// One thread.
final class Market {
    private static final List<String> SYMBOLS = List.of("BARLEY", "OATS", "RYE", "WHEAT");
    private static final int PAUSE_MILLIS_MAX = 600;

    private final SplittableRandom random;
    private final Map<String, Double> prices = new TreeMap<>();
    private Instant now;

    Market(long seed, Instant start) {
        random = new SplittableRandom(seed);
        now = start;
        for (String symbol : SYMBOLS) {
            prices.put(symbol, 100 + random.nextDouble(400));
        }
    }

    /// The next trade, later than the one before.
    Trade next() {
        now = now.plusMillis(1 + random.nextInt(PAUSE_MILLIS_MAX));
        String symbol = SYMBOLS.get(random.nextInt(SYMBOLS.size()));
        double step = random.nextGaussian(0, 0.0004);
        double price = prices.merge(symbol, 1 + step, (old, factor) -> old * factor);
        return new Trade(
                symbol,
                step < 0 ? "sell" : "buy",
                decimal(price, 2),
                decimal(0.001 + random.nextExponential() * 3, 6),
                now);
    }

    private static BigDecimal decimal(double value, int scale) {
        return BigDecimal.valueOf(value).setScale(scale, RoundingMode.HALF_UP);
    }
}

package io.millrace.example.markets;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What happened to a symbol in a minute.
///
/// @param vwap the price of an average piece
record Candle(
        String symbol,
        Instant end,
        BigDecimal open,
        BigDecimal high,
        BigDecimal low,
        BigDecimal close,
        BigDecimal volume,
        int trades,
        double vwap) {
    private static final double EQUAL = 1e-9;

    /// The key of a candle among others.
    String key() {
        return symbol + " " + end;
    }

    /// The candles of trades that are in their order, by key.
    static Map<String, Candle> of(List<Trade> trades) {
        Map<String, Candle> candles = new TreeMap<>();
        Map<String, Double> values = new TreeMap<>();
        for (Trade trade : trades) {
            Candle one = alone(trade);
            values.merge(one.key(), one.vwap * trade.amount().doubleValue(), Double::sum);
            candles.merge(one.key(), one, Candle::and);
        }
        candles.replaceAll((key, candle) ->
                candle.priced(values.getOrDefault(key, 0.0) / candle.volume.doubleValue()));
        return candles;
    }

    private static Candle alone(Trade trade) {
        BigDecimal price = trade.price();
        Instant end = trade.time().truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(1));
        return new Candle(
                trade.symbol(),
                end,
                price,
                price,
                price,
                price,
                trade.amount(),
                1,
                price.doubleValue());
    }

    private Candle and(Candle later) {
        return new Candle(
                symbol,
                end,
                open,
                high.max(later.high),
                low.min(later.low),
                later.close,
                volume.add(later.volume),
                trades + later.trades,
                0);
    }

    private Candle priced(double average) {
        return new Candle(symbol, end, open, high, low, close, volume, trades, average);
    }

    /// Reads what the query `candles` has published.
    static Candle of(Map<String, Object> row) {
        return new Candle(
                Json.textIn(row, "symbol"),
                LocalDateTime.parse(Json.textIn(row, "window_end")).toInstant(ZoneOffset.UTC),
                number(row, "open"),
                number(row, "high"),
                number(row, "low"),
                number(row, "close"),
                number(row, "volume"),
                number(row, "trades").intValueExact(),
                number(row, "vwap").doubleValue());
    }

    private static BigDecimal number(Map<String, Object> row, String name) {
        return new BigDecimal(Json.textIn(row, name));
    }

    /// Whether both say the same. The order in which doubles were added up does not count.
    boolean agrees(Candle other) {
        return key().equals(other.key())
                && open.compareTo(other.open) == 0
                && high.compareTo(other.high) == 0
                && low.compareTo(other.low) == 0
                && close.compareTo(other.close) == 0
                && volume.compareTo(other.volume) == 0
                && trades == other.trades
                && Math.abs(vwap - other.vwap) <= EQUAL * vwap;
    }
}

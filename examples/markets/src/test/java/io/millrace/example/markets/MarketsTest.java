package io.millrace.example.markets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The parts of the example that need no server.
class MarketsTest {
    private static final Instant NINE = Instant.parse("2026-03-02T09:00:00Z");

    private static Trade trade(int second, String price, String amount) {
        return new Trade(
                "RYE",
                "buy",
                new BigDecimal(price),
                new BigDecimal(amount),
                NINE.plusSeconds(second));
    }

    @Test
    void aCandleIsMadeOfTheTradesOfAMinute() {
        List<Trade> trades =
                List.of(
                        trade(5, "101", "2"),
                        trade(20, "103.5", "1"),
                        trade(40, "99.5", "1"),
                        trade(55, "102", "4"),
                        trade(61, "110", "1"));
        Map<String, Candle> candles = Candle.of(trades);
        assertThat(candles).hasSize(2);
        Candle first = candles.get("RYE 2026-03-02T09:01:00Z");
        assertThat(first)
                .isEqualTo(
                        new Candle(
                                "RYE",
                                NINE.plusSeconds(60),
                                new BigDecimal("101"),
                                new BigDecimal("103.5"),
                                new BigDecimal("99.5"),
                                new BigDecimal("102"),
                                new BigDecimal("8"),
                                4,
                                101.625));
        assertThat(Auditor.finished(trades)).containsOnlyKeys("RYE 2026-03-02T09:01:00Z");
    }

    @Test
    void whatAQueryPublishesIsReadAndCompared() {
        String row =
                """
                {"symbol":"RYE","window_end":"2026-03-02T09:01:00","open":101.00000000,"high":103.5,\
                "low":99.5,"close":102,"volume":%s,"trades":1,"vwap":101.0}\
                """;
        Candle found = Candle.of(Json.object(row.formatted("2.00")));
        assertThat(found.agrees(Candle.of(Json.object(row.formatted("2"))))).isTrue();
        assertThat(found.agrees(Candle.of(Json.object(row.formatted("2.01"))))).isFalse();
    }

    @Test
    void aSignalIsWorthWhatItsCandlesSay() {
        Signal signal = new Signal("s", "RYE", -1, 100, NINE.plusSeconds(30));
        List<Trade> trades = new ArrayList<>();
        for (int minute = 0; minute < 15; minute++) {
            trades.add(trade(minute * 60, Integer.toString(100 - minute), "1"));
        }
        Map<String, Double> worth = Worth.of(List.of(signal), Candle.of(trades).values());
        assertThat(worth).hasSize(9).contains(entry("s/1", 100.0));
        assertThat(worth.get("s/9")).isCloseTo(900, within(1e-6));
    }

    @Test
    void theSameSeedGivesTheSameTrades() {
        Market one = new Market(7, NINE);
        Market other = new Market(7, NINE);
        Analyst analyst = new Analyst();
        int signals = 0;
        Instant last = NINE;
        while (last.isBefore(NINE.plus(Duration.ofMinutes(10)))) {
            Trade trade = one.next();
            assertThat(trade).isEqualTo(other.next());
            assertThat(trade.time()).isAfter(last);
            last = trade.time();
            signals += analyst.see(trade) == null ? 0 : 1;
        }
        assertThat(signals).isEqualTo(16);
        assertThat(new Market(8, NINE).next()).isNotEqualTo(new Market(7, NINE).next());
    }

    @Test
    void aFileOfTradesIsReadInTheOrderOfTheirTimes(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("trades.csv");
        Files.writeString(
                file,
                """
                "symbol","side","price","amount","timestamp"
                "RYE","sell",5.5,3.844E-5,"2026-03-02T09:00:02.5Z"
                "RYE","buy",5.4,1,"2026-03-02T09:00:01Z"
                """);
        assertThat(TradeFile.read(file))
                .containsExactly(
                        trade(1, "5.4", "1"),
                        new Trade(
                                "RYE",
                                "sell",
                                new BigDecimal("5.5"),
                                new BigDecimal("0.00003844"),
                                NINE.plusMillis(2_500)));
        Files.writeString(file, "heading\nRYE,5\n");
        assertThatThrownBy(() -> TradeFile.read(file)).hasMessageContaining("this is no trade");
    }

    @Test
    void optionsSayWhatIsWrong() {
        assertThat(Options.parse("", "--minutes", "3", "--seed", "-1"))
                .satisfies(options -> assertThat(options.minutes()).isEqualTo(3))
                .satisfies(options -> assertThat(options.seed()).isEqualTo(-1));
        assertThatThrownBy(() -> Options.parse("", "--minutes", "many"))
                .hasMessage("--minutes: 'many' is not a number");
        assertThatThrownBy(() -> Options.parse("", "--bad", "1"))
                .hasMessage("there is no option --bad");
    }
}

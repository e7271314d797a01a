package io.millrace.example.markets;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Publishes trades and what the analyst says of them. One thread.
final class Exchange {
    private static final int BATCH_MAX = 500;
    private static final Duration BEAT = Duration.ofMillis(200);

    private final MillraceClient millrace;
    private final PrintStream out;
    private final Analyst analyst = new Analyst();
    private final String run = Long.toString(System.currentTimeMillis(), 36);
    private long published;

    Exchange(MillraceClient millrace, PrintStream out) {
        this.millrace = millrace;
        this.out = out;
    }

    /// Publishes all trades at once.
    ///
    /// @return what the analyst said of them
    List<Signal> replay(List<Trade> trades) throws IOException, InterruptedException {
        List<Signal> signals = new ArrayList<>();
        for (int from = 0; from < trades.size(); from += BATCH_MAX) {
            int until = Math.min(from + BATCH_MAX, trades.size());
            signals.addAll(publish(trades.subList(from, until)));
        }
        out.printf("markets: %d trades, %d signals are published%n", trades.size(), signals.size());
        return signals;
    }

    /// Trades beside the clock until the thread is interrupted.
    void trade(Market market) throws IOException, InterruptedException {
        out.println("markets: trades; the first candles are there when a minute is over");
        Trade next = market.next();
        while (true) {
            List<Trade> due = new ArrayList<>();
            for (Instant now = Instant.now(); next.time().isBefore(now); next = market.next()) {
                due.add(next);
            }
            if (!due.isEmpty()) {
                for (Signal signal : publish(due)) {
                    out.printf(
                            "signal %s: %s will %s from %s%n",
                            signal.id(),
                            signal.symbol(),
                            signal.direction() > 0 ? "rise" : "fall",
                            signal.price());
                }
            }
            Thread.sleep(BEAT);
        }
    }

    private List<Signal> publish(List<Trade> trades) throws IOException, InterruptedException {
        List<String> events = new ArrayList<>();
        List<Signal> signals = new ArrayList<>();
        for (Trade trade : trades) {
            events.add(trade.toCloudEvent(run + "-" + published++));
            Optional.ofNullable(analyst.see(trade)).ifPresent(signals::add);
        }
        signals.forEach(signal -> events.add(signal.toCloudEvent()));
        millrace.publishBatch("[" + String.join(",\n", events) + "]");
        return signals;
    }
}

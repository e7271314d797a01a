package io.millrace.example.markets;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Looks at trades and says every two minutes for each symbol that a price which has risen will go
/// on to rise, and one which has fallen to fall. One thread.
final class Analyst {
    private static final Duration PAUSE = Duration.ofMinutes(2);

    private final Map<String, Trade> last = new HashMap<>();

    /// The next trade of a symbol.
    ///
    /// @return `null` if there is nothing to say
    @Nullable Signal see(Trade trade) {
        Trade before = last.putIfAbsent(trade.symbol(), trade);
        if (before == null || trade.time().isBefore(before.time().plus(PAUSE))) {
            return null;
        }
        last.put(trade.symbol(), trade);
        Instant time = trade.time();
        return new Signal(
                trade.symbol() + "-" + time.toEpochMilli(),
                trade.symbol(),
                trade.price().compareTo(before.price()) >= 0 ? 1 : -1,
                trade.price().doubleValue(),
                time);
    }
}

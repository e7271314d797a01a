package io.millrace.group;

import io.millrace.io.Clock;
import java.util.concurrent.TimeUnit;

/// How many a second, over the last ten whole seconds. Thread-safe.
final class SettleRate {
    private static final int SECONDS = 10;

    private final Clock clock;
    private final long[] counts = new long[SECONDS + 1];
    private long second;

    SettleRate(Clock clock) {
        this.clock = clock;
        this.second = now();
    }

    private long now() {
        return TimeUnit.NANOSECONDS.toSeconds(clock.nanoTime());
    }

    synchronized void add(int more) {
        advance();
        counts[Math.floorMod(second, counts.length)] += more;
    }

    private void advance() {
        long now = now();
        for (int i = 0; second < now && i < counts.length; i++) {
            second++;
            counts[Math.floorMod(second, counts.length)] = 0;
        }
        second = now;
    }

    synchronized double perSecond() {
        advance();
        long sum = 0;
        for (int i = 1; i <= SECONDS; i++) {
            sum += counts[Math.floorMod(second - i, counts.length)];
        }
        return (double) sum / SECONDS;
    }
}

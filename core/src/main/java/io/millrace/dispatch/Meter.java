package io.millrace.dispatch;

/// Counts what happens within the last ten seconds. Owned by one thread at a time.
final class Meter {
    private static final int SECONDS = 10;
    private static final long SECOND_NANOS = 1_000_000_000L;

    /// One more than are asked for: the second that has not ended does not count.
    private final long[] counts = new long[SECONDS + 1];

    private final long startNanos;
    private long second;

    Meter(long nowNanos) {
        this.startNanos = nowNanos;
    }

    void add(int count, long nowNanos) {
        moveTo(nowNanos);
        counts[slot(second)] += count;
    }

    /// How many there were a second, over those seconds that have ended.
    double perSecond(long nowNanos) {
        moveTo(nowNanos);
        long sum = 0;
        for (int back = 1; back <= SECONDS; back++) {
            sum += counts[slot(second - back)];
        }
        return (double) sum / SECONDS;
    }

    private void moveTo(long nowNanos) {
        long now = (nowNanos - startNanos) / SECOND_NANOS;
        for (long past = Math.max(second + 1, now - SECONDS); past <= now; past++) {
            counts[slot(past)] = 0;
        }
        second = Math.max(second, now);
    }

    private int slot(long at) {
        return Math.floorMod(at, counts.length);
    }
}

package io.millrace.cli.replay;

import io.millrace.cli.process.CommandFailure;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When each event is due: at the pace of the events' own times, faster, or at once.
///
/// Not thread-safe.
final class Pace {
    /// Waits shorter than this are not worth a request of their own.
    private static final Duration WAIT_MIN = Duration.ofMillis(2);

    private final double speed;
    private @Nullable Instant firstTime;
    private long firstNanos;

    /// @param speed how many times as fast as the events happened; infinity for flat out
    private Pace(double speed) {
        this.speed = speed;
    }

    /// @param text `original`, `max`, or how many times as fast
    static Pace parse(String text) {
        double speed =
                switch (text) {
                    case "max" -> Double.POSITIVE_INFINITY;
                    case "original" -> 1;
                    default -> number(text);
                };
        if (!(speed > 0)) {
            throw CommandFailure.usage(
                    "--speed: \"%s\" is none of original, max, and a number above 0 such as 60."
                            .formatted(text));
        }
        return new Pace(speed);
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }

    /// Whether events wait for their time at all.
    boolean isTimed() {
        return !Double.isInfinite(speed);
    }

    /// How long to wait for an event to be due. The first is due at once; so is one that is late,
    /// or older than the first.
    ///
    /// @param time when the event happened
    /// @param nanoTime now
    Duration wait(Instant time, long nanoTime) {
        if (!isTimed()) {
            return Duration.ZERO;
        }
        if (firstTime == null) {
            firstTime = time;
            firstNanos = nanoTime;
        }
        Duration since = Duration.between(firstTime, time);
        double due = (since.getSeconds() * 1e9 + since.getNano()) / speed;
        double wait = due - (nanoTime - firstNanos);
        Duration duration = Duration.ofNanos((long) Math.max(0, wait));
        return duration.compareTo(WAIT_MIN) < 0 ? Duration.ZERO : duration;
    }
}

package io.millrace.delivery;

import io.millrace.config.Durations;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// When to try a delivery again after it failed, and when to give up. Pure: the same numbers give
/// the same answer.
///
/// @param delays how long to wait after the first, second, third ... attempt; the last one is for
///   all that follow
/// @param jitter up to which part of itself a delay is made longer at random, so that what failed
///   together does not come back together; 0 to 1. It never makes a delay shorter
/// @param ageMax no attempt begins when this has passed since the first one was due
/// @param attemptsMax how many attempts there are in all
public record RetrySchedule(
        List<Duration> delays, double jitter, Duration ageMax, int attemptsMax) {
    // Before DEFAULT, whose constructor reads them.
    private static final int DELAYS_MAX = 100;
    private static final Duration LONGEST = Duration.ofDays(365);

    /// 10 s, 30 s, 1 min, 5 min, 10 min, 30 min, then hourly, for 24 hours.
    public static final RetrySchedule DEFAULT =
            new RetrySchedule(
                    List.of(
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(30),
                            Duration.ofMinutes(1),
                            Duration.ofMinutes(5),
                            Duration.ofMinutes(10),
                            Duration.ofMinutes(30),
                            Duration.ofHours(1)),
                    0.1,
                    Duration.ofHours(24),
                    30);

    public RetrySchedule {
        delays = List.copyOf(delays);
        if (delays.isEmpty() || delays.size() > DELAYS_MAX) {
            throw new IllegalArgumentException(
                    "there must be 1 to %d delays".formatted(DELAYS_MAX));
        }
        for (Duration delay : delays) {
            if (delay.toMillis() < 1 || delay.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "a delay must be 1ms to 365d, but one is " + Durations.print(delay));
            }
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("the jitter must be 0 to 1, but is " + jitter);
        }
        if (ageMax.isNegative() || ageMax.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("the age limit must be at most 365d");
        }
        if (attemptsMax < 1) {
            throw new IllegalArgumentException("there must be at least one attempt");
        }
    }

    /// What to do after an attempt that failed.
    public sealed interface Next {
        /// Try again when this time is reached.
        ///
        /// @param atMillis since 1970-01-01T00:00Z
        record TryAt(long atMillis) implements Next {}

        /// Give up: to the dead letters, at once.
        ///
        /// @param reason as a sentence
        record GiveUp(String reason) implements Next {}
    }

    /// The state of one delivery after an attempt that failed. Times are milliseconds since
    /// 1970-01-01T00:00Z.
    ///
    /// @param attempts how many there have been, this one included
    /// @param firstMillis when the first one was due
    /// @param nowMillis when this one failed
    /// @param retryAfter how long the sink asks to be left alone; `null` if it does not say
    public record Failure(
            int attempts, long firstMillis, long nowMillis, @Nullable Duration retryAfter) {
        public Failure {
            if (attempts < 1) {
                throw new IllegalArgumentException("without an attempt nothing has failed");
            }
        }
    }

    /// When to try again. Never before the schedule says so, and never before the sink wants it. An
    /// attempt that would come after the age limit is not waited for: the delivery is given up now.
    ///
    /// @param random for the jitter; asked exactly once unless it gives up for its attempts
    public Next after(Failure failure, RandomGenerator random) {
        if (failure.attempts() >= attemptsMax) {
            return new Next.GiveUp(
                    failure.attempts() == 1
                            ? "the only attempt failed"
                            : "all of %d attempts failed".formatted(failure.attempts()));
        }
        Duration asked = failure.retryAfter();
        long delay = delays.get(Math.min(failure.attempts(), delays.size()) - 1).toMillis();
        if (asked != null) {
            Duration bounded = asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
            // Rounded up: a sink that says one second means no millisecond less.
            delay = Math.max(delay, bounded.plusNanos(999_999).toMillis());
        }
        long at = failure.nowMillis() + delay + (long) (delay * jitter * random.nextDouble());
        if (at > failure.firstMillis() + ageMax.toMillis()) {
            return new Next.GiveUp(
                    "it failed after %d %s, and the next one would come after the age limit of %s"
                            .formatted(
                                    failure.attempts(),
                                    failure.attempts() == 1 ? "attempt" : "attempts",
                                    Durations.print(ageMax)));
        }
        return new Next.TryAt(at);
    }
}

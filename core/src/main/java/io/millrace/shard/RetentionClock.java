package io.millrace.shard;

import io.millrace.io.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The time by which retention judges what is old. Owned by one thread, which asks regularly.
///
/// It is the wall clock's, unless that jumps forward while the server runs: somebody may have set
/// it wrong, and believing it at once would delete everything that is kept by time. Such a jump
/// counts only after a day; whoever sets the clock back before loses nothing. Time that passes
/// while the machine sleeps looks like a jump too, and is waited for as well.
public final class RetentionClock {
    /// Smaller steps are those of time servers and summer.
    static final Duration JUMP_MIN = Duration.ofHours(1);

    static final Duration TRUST_AFTER = Duration.ofDays(1);

    private static final Logger LOG = LoggerFactory.getLogger(RetentionClock.class);

    private final Clock clock;
    private long wallMillis;
    private long nanos;

    /// How far the wall clock is ahead by jumps that are not believed yet.
    private long aheadMillis;

    private long trustedAtNanos;

    public RetentionClock(Clock clock) {
        this.clock = clock;
        this.wallMillis = clock.epochMillis();
        this.nanos = clock.nanoTime();
    }

    /// Milliseconds since 1970.
    public long epochMillis() {
        long wall = clock.epochMillis();
        long now = clock.nanoTime();
        long step = wall - wallMillis - (now - nanos) / 1_000_000;
        wallMillis = wall;
        nanos = now;
        if (step > JUMP_MIN.toMillis()) {
            aheadMillis += step;
            trustedAtNanos = now + TRUST_AFTER.toNanos();
            LOG.warn(
                    "The clock has jumped forward by {}. Retention by time believes it in {}; if it"
                            + " is wrong, set it right before that.",
                    Duration.ofMillis(step),
                    TRUST_AFTER);
        } else if (aheadMillis > 0) {
            if (step < -JUMP_MIN.toMillis()) {
                aheadMillis = Math.max(0, aheadMillis + step);
            }
            if (now - trustedAtNanos >= 0) {
                aheadMillis = 0;
            }
        }
        return wall - aheadMillis;
    }
}

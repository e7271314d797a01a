package io.millrace.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.simulator.SimulatedClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RetentionClockTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();

    private final SimulatedClock clock = new SimulatedClock();
    private final RetentionClock retention = new RetentionClock(clock);
    private final long start = clock.epochMillis();

    @Test
    void itIsTheWallClock() {
        clock.advance(30_000);
        assertThat(retention.epochMillis()).isEqualTo(start + 30_000);
        clock.advance(400 * DAY);
        assertThat(retention.epochMillis()).isEqualTo(start + 30_000 + 400 * DAY);
    }

    @Test
    void smallCorrectionsAreBelieved() {
        clock.jump(HOUR);
        assertThat(retention.epochMillis()).isEqualTo(start + HOUR);
        clock.jump(-2 * HOUR);
        assertThat(retention.epochMillis()).isEqualTo(start - HOUR);
    }

    @Test
    void aJumpForwardCountsAfterADay() {
        clock.jump(8 * DAY);
        assertThat(retention.epochMillis()).isEqualTo(start);
        clock.advance(DAY - 1);
        assertThat(retention.epochMillis()).isEqualTo(start + DAY - 1);
        clock.advance(1);
        assertThat(retention.epochMillis()).isEqualTo(start + 9 * DAY);
    }

    @Test
    void aJumpThatIsTakenBackCostsNothing() {
        clock.jump(8 * DAY);
        assertThat(retention.epochMillis()).isEqualTo(start);
        clock.advance(HOUR);
        clock.jump(-8 * DAY);
        assertThat(retention.epochMillis()).isEqualTo(start + HOUR);
        clock.advance(2 * DAY);
        assertThat(retention.epochMillis()).isEqualTo(start + HOUR + 2 * DAY);
    }

    @Test
    void aSecondJumpBeginsTheDayAnew() {
        clock.jump(8 * DAY);
        assertThat(retention.epochMillis()).isEqualTo(start);
        clock.advance(DAY / 2);
        clock.jump(2 * HOUR);
        assertThat(retention.epochMillis()).isEqualTo(start + DAY / 2);
        clock.advance(DAY / 2);
        assertThat(retention.epochMillis()).isEqualTo(start + DAY);
        clock.advance(DAY / 2);
        assertThat(retention.epochMillis()).isEqualTo(start + 8 * DAY + 2 * HOUR + DAY * 3 / 2);
    }
}

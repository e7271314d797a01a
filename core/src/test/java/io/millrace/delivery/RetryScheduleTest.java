package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.delivery.RetrySchedule.Failure;
import io.millrace.delivery.RetrySchedule.Next;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
    private static final long START = 1_700_000_000_000L;

    private static RetrySchedule schedule(double jitter, Duration ageMax, int attemptsMax) {
        return new RetrySchedule(RetrySchedule.DEFAULT.delays(), jitter, ageMax, attemptsMax);
    }

    private static Next after(
            RetrySchedule schedule, int attempts, long nowMillis, @Nullable Duration asked) {
        return schedule.after(new Failure(attempts, START, nowMillis, asked), new Random(1));
    }

    @Test
    void withoutJitterTheDelaysAreThoseOfTheTable() {
        RetrySchedule plain = schedule(0, Duration.ofDays(10), 100);
        List<Long> seconds = new ArrayList<>();
        for (int attempts = 1; attempts <= 9; attempts++) {
            Next next = after(plain, attempts, START, null);
            seconds.add((((Next.TryAt) next).atMillis() - START) / 1_000);
        }
        assertThat(seconds)
                .containsExactly(10L, 30L, 60L, 300L, 600L, 1_800L, 3_600L, 3_600L, 3_600L);
    }

    @Test
    void jitterMakesDelaysLongerByUpToItsPart() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RetrySchedule jittered = schedule(0.5, Duration.ofDays(1), 100);
        long least = Long.MAX_VALUE;
        long most = 0;
        for (int i = 0; i < 2_000; i++) {
            Next next = jittered.after(new Failure(1, START, START, null), random);
            long delay = ((Next.TryAt) next).atMillis() - START;
            least = Math.min(least, delay);
            most = Math.max(most, delay);
        }
        assertThat(least).as("seed %d", seed).isBetween(10_000L, 10_500L);
        assertThat(most).as("seed %d", seed).isBetween(14_500L, 15_000L);
    }

    @Test
    void theSinkMayAskForMoreTimeButNotForLess() {
        RetrySchedule plain = schedule(0, Duration.ofDays(1), 100);
        assertThat(after(plain, 1, START, Duration.ofSeconds(45)))
                .isEqualTo(new Next.TryAt(START + 45_000));
        assertThat(after(plain, 1, START, Duration.ofSeconds(1)))
                .isEqualTo(new Next.TryAt(START + 10_000));
        assertThat(after(plain, 1, START, Duration.ofSeconds(20).plusNanos(1)))
                .isEqualTo(new Next.TryAt(START + 20_001));
    }

    @Test
    void endlessWishesDoNotOverflow() {
        assertThat(after(RetrySchedule.DEFAULT, 1, START, Duration.ofSeconds(Long.MAX_VALUE)))
                .isInstanceOf(Next.GiveUp.class);
    }

    @Test
    void afterTheAgeLimitItGivesUpWithoutWaitingForIt() {
        RetrySchedule plain = schedule(0, Duration.ofHours(24), 1_000);
        long day = Duration.ofHours(24).toMillis();
        assertThat(after(plain, 20, START + day - 3_600_000, null))
                .isEqualTo(new Next.TryAt(START + day));
        assertThat(after(plain, 20, START + day - 3_599_999, null))
                .isEqualTo(
                        new Next.GiveUp(
                                "it failed after 20 attempts, and the next one would come after"
                                        + " the age limit of 1d"));
    }

    @Test
    void theLastAttemptIsTheLast() {
        RetrySchedule three = schedule(0, Duration.ofDays(1), 3);
        assertThat(after(three, 2, START, null)).isInstanceOf(Next.TryAt.class);
        assertThat(after(three, 3, START, null))
                .isEqualTo(new Next.GiveUp("all of 3 attempts failed"));
    }

    @Test
    void theDefaultSpreadsItsAttemptsOverADay() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        long now = START;
        int attempts = 1;
        while (RetrySchedule.DEFAULT.after(new Failure(attempts, START, now, null), random)
                instanceof Next.TryAt(long at)) {
            assertThat(at).as("seed %d", seed).isGreaterThan(now);
            now = at;
            attempts++;
        }
        assertThat(attempts).as("seed %d", seed).isBetween(25, 30);
        assertThat(now - START)
                .as("seed %d", seed)
                .isBetween(Duration.ofHours(22).toMillis(), Duration.ofHours(24).toMillis());
    }

    @Test
    void nonsenseIsRefused() {
        List<Duration> second = List.of(Duration.ofSeconds(1));
        Duration day = Duration.ofDays(1);
        assertThatThrownBy(() -> new RetrySchedule(List.of(), 0, day, 1))
                .hasMessageContaining("1 to 100 delays");
        assertThatThrownBy(() -> new RetrySchedule(List.of(Duration.ZERO), 0, day, 1))
                .hasMessageContaining("1ms");
        assertThatThrownBy(() -> new RetrySchedule(second, Double.NaN, day, 1))
                .hasMessageContaining("jitter");
        assertThatThrownBy(() -> new RetrySchedule(second, 0, day, 0))
                .hasMessageContaining("one attempt");
    }
}

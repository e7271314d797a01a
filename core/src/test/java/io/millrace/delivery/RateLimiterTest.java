package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {
    private static final long MINUTE = 60_000_000_000L;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 59, 60, 61, 119, 120, 1_000, 30_000})
    void noMinuteHasMoreThanAllowedAndHardlyLess(int perMinute) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RateLimiter limiter = new RateLimiter(perMinute);
        long start = random.nextLong(-MINUTE, MINUTE);
        long now = start;
        ArrayDeque<Long> lastMinute = new ArrayDeque<>();
        long taken = 0;
        // Long enough for several minutes, with pauses that tempt it to catch up.
        while (now - start < 20 * MINUTE && taken < 200_000) {
            long wait = limiter.tryTake(now);
            if (wait == 0) {
                taken++;
                lastMinute.add(now);
                while (now - lastMinute.getFirst() >= MINUTE) {
                    lastMinute.removeFirst();
                }
                assertThat(lastMinute.size()).as("seed %d", seed).isLessThanOrEqualTo(perMinute);
            } else {
                assertThat(wait).as("seed %d", seed).isPositive();
                now += random.nextInt(1_000) == 0 ? random.nextLong(2 * MINUTE) : wait;
            }
        }
        assertThat(taken).as("seed %d", seed).isPositive();
    }

    @Test
    void aSenderWhoIsAlwaysReadyGetsNearlyAllOfTheRate() {
        RateLimiter limiter = new RateLimiter(6_000);
        long now = 0;
        int taken = 0;
        while (now < 10 * MINUTE) {
            long wait = limiter.tryTake(now);
            taken += wait == 0 ? 1 : 0;
            now += wait;
        }
        assertThat(taken).isBetween(58_900, 60_000);
    }

    @Test
    void aSecondsWorthMayBunch() {
        RateLimiter limiter = new RateLimiter(600);
        int atOnce = 0;
        while (limiter.tryTake(5) == 0) {
            atOnce++;
        }
        assertThat(atOnce).isEqualTo(10);
    }

    @Test
    void withoutALimitOnlyTheSinksWishHoldsIt() {
        RateLimiter limiter = new RateLimiter(null);
        for (int i = 0; i < 1_000; i++) {
            assertThat(limiter.tryTake(-7)).isZero();
        }
        limiter.holdUntil(93, -7);
        limiter.holdUntil(50, -7);
        assertThat(limiter.tryTake(-7)).isEqualTo(100);
        assertThat(limiter.tryTake(92)).isEqualTo(1);
        assertThat(limiter.tryTake(93)).isZero();
    }

    @Test
    void aHoldBeforeTheFirstDeliveryCounts() {
        RateLimiter limiter = new RateLimiter(60);
        limiter.holdUntil(-10, -100);
        assertThat(limiter.tryTake(-100)).isEqualTo(90);
        assertThat(limiter.tryTake(-10)).isZero();
    }

    @Test
    void noRateAtAllIsRefused() {
        assertThatThrownBy(() -> new RateLimiter(0)).isInstanceOf(IllegalArgumentException.class);
    }
}

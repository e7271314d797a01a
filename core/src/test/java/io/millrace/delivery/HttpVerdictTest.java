package io.millrace.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpVerdictTest {
    private static final long NOW = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();

    @Test
    void everyStatusHasTheVerdictOfTheContract() {
        Set<Integer> retried = Set.of(404, 408, 409, 429);
        for (int status = 0; status < 1_000; status++) {
            HttpVerdict expected;
            if (status >= 200 && status < 300) {
                expected = HttpVerdict.DELIVERED;
            } else if (status == 410) {
                expected = HttpVerdict.GONE;
            } else if (status >= 300 && status < 500 && !retried.contains(status)) {
                expected = HttpVerdict.REJECTED;
            } else {
                expected = HttpVerdict.RETRY;
            }
            assertThat(HttpVerdict.of(status)).as("%d", status).isEqualTo(expected);
        }
    }

    @Test
    void failuresSayWhatWasAnsweredAndWhatItMeans() {
        assertThat(HttpVerdict.failure(429, Duration.ofSeconds(7)))
                .isEqualTo(
                        new Outcome.RetryLater(
                                Duration.ofSeconds(7),
                                429,
                                "the sink answered 429: it gets more requests than it allows"));
        assertThat(HttpVerdict.failure(302, null))
                .isEqualTo(
                        new Outcome.Rejected(
                                302,
                                "the sink answered 302: redirects are not followed; set the"
                                        + " sink's new address"));
        assertThat(HttpVerdict.failure(415, null))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.reason()).contains("format"));
        assertThat(HttpVerdict.failure(410, null)).isInstanceOf(Outcome.Gone.class);
        assertThat(HttpVerdict.failure(502, null)).isInstanceOf(Outcome.RetryLater.class);
        assertThatThrownBy(() -> HttpVerdict.failure(204, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0",
                " 120 |120",
                "99999999999999999999|999999999",
                "Sun, 01 Mar 2026 10:01:00 GMT|60",
                "Sunday, 01-Mar-26 10:01:00 GMT|60",
                "Sun Mar  1 10:01:00 2026|60",
                "Tue, 10 Mar 2026 10:00:00 GMT|777600",
                "Sun, 01 Mar 2026 09:00:00 GMT|0",
                "Sunday, 06-Nov-94 08:49:37 GMT|0"
            })
    void retryAfterIsSecondsOrADate(String header, long seconds) {
        assertThat(RetryAfter.parse(header, NOW)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-5", "soon", "1.5", "Sun, 31 Feb 2026", "10s", "\u0661"})
    void aRetryAfterThatMakesNoSenseIsNone(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isNull();
    }
}

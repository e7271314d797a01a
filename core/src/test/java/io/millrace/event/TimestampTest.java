package io.millrace.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.error.MillraceException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimestampTest {
    @ParameterizedTest
    @CsvSource({
        "2026-03-01T12:00:00Z, 2026-03-01T12:00:00Z",
        "2026-03-01t12:00:00z, 2026-03-01T12:00:00Z",
        "2026-03-01T12:00:00.5Z, 2026-03-01T12:00:00.5Z",
        "2026-03-01T12:00:00.500Z, 2026-03-01T12:00:00.5Z",
        "2026-03-01T12:00:00.123456789Z, 2026-03-01T12:00:00.123456789Z",
        "2026-03-01T12:00:00.1234567899999Z, 2026-03-01T12:00:00.123456789Z",
        "2026-03-01T12:00:00+01:00, 2026-03-01T11:00:00Z",
        "2026-03-01T00:30:00+01:00, 2026-02-28T23:30:00Z",
        "2026-03-01T12:00:00-23:59, 2026-03-02T11:59:00Z",
        "2026-03-01T12:00:00-00:00, 2026-03-01T12:00:00Z",
        "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z",
        "0000-01-01T00:00:00Z, 0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999999999Z",
        "2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z",
        "2016-12-31T15:59:60.5-08:00, 2017-01-01T00:00:00.5Z"
    })
    void keepsTheTextAndKnowsTheMoment(String text, String instant) {
        Timestamp time = Timestamp.parse("time", text);
        assertThat(time.text()).isEqualTo(text);
        assertThat(time.instant()).isEqualTo(Instant.parse(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-03-01",
                "2026-03-01T12:00Z",
                "2026-03-01T12:00:00",
                "2026-03-01 12:00:00Z",
                "2026-03-01T12:00:00.Z",
                "2026-03-01T12:00:00,5Z",
                "2026-3-01T12:00:00ZZ",
                "2026-02-29T12:00:00Z",
                "2026-13-01T12:00:00Z",
                "2026-03-01T24:00:00Z",
                "2026-03-01T12:60:00Z",
                "2026-03-01T12:30:60Z",
                "2026-03-01T12:00:61Z",
                "2026-03-01T12:00:00+24:00",
                "2026-03-01T12:00:00+01:60",
                "2026-03-01T12:00:00+0100",
                "2026-03-01T12:00:00+01",
                "2026-03-01T12:00:00Zjunk",
                "+2026-03-01T12:00:00Z",
                "２026-03-01T12:00:00Z"
            })
    void refusesWhatRfc3339DoesNotKnow(String text) {
        assertThatThrownBy(() -> Timestamp.parse("time", text))
                .isInstanceOf(MillraceException.class)
                .hasMessageContaining("time: must be an RFC 3339 date-time");
    }

    @Test
    void agreesWithTheJdkOnRandomTimes() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            OffsetDateTime time =
                    OffsetDateTime.ofInstant(
                            Instant.ofEpochSecond(
                                    random.nextLong(-60_000_000_000L, 250_000_000_000L),
                                    random.nextInt(1_000_000_000)),
                            ZoneOffset.ofTotalSeconds(60 * random.nextInt(-18 * 60, 18 * 60)));
            assertThat(Timestamp.of(time).instant()).isEqualTo(time.toInstant());
            assertThat(Timestamp.of(time.toInstant()).instant()).isEqualTo(time.toInstant());
        }
    }

    @Test
    void refusesMomentsThatTheTextCannotCarry() {
        assertThatThrownBy(() -> Timestamp.of(Instant.MAX)).isInstanceOf(DateTimeException.class);
        OffsetDateTime seconds =
                OffsetDateTime.of(2026, 1, 1, 0, 0, 0, 0, ZoneOffset.ofTotalSeconds(3_601));
        assertThatThrownBy(() -> Timestamp.of(seconds)).isInstanceOf(DateTimeException.class);
    }
}

package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CronTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # expression         | after                 | the next two times
                    * * * * *            | 2026-01-01T00:00:00Z  | 2026-01-01T00:01:00Z 2026-01-01T00:02:00Z
                    */10 * * * * *       | 2026-01-01T00:00:55.5Z| 2026-01-01T00:01:00Z 2026-01-01T00:01:10Z
                    59 59 23 31 12 *     | 2026-01-01T00:00:00Z  | 2026-12-31T23:59:59Z 2027-12-31T23:59:59Z
                    @hourly              | 2026-01-01T22:59:59Z  | 2026-01-01T23:00:00Z 2026-01-02T00:00:00Z
                    @Weekly              | 2026-01-01T00:00:00Z  | 2026-01-04T00:00:00Z 2026-01-11T00:00:00Z
                    @monthly             | 2026-01-01T00:00:00Z  | 2026-02-01T00:00:00Z 2026-03-01T00:00:00Z
                    @yearly              | 2026-01-01T00:00:00Z  | 2027-01-01T00:00:00Z 2028-01-01T00:00:00Z
                    0 9-17/4 * * mon-fri | 2026-01-02T13:00:00Z  | 2026-01-02T17:00:00Z 2026-01-05T09:00:00Z
                    0 0 1,15 * MON       | 2026-02-10T00:00:00Z  | 2026-02-15T00:00:00Z 2026-02-16T00:00:00Z
                    0 0 */2 * MON        | 2026-02-10T00:00:00Z  | 2026-02-23T00:00:00Z 2026-03-09T00:00:00Z
                    0 0 29 2 *           | 2026-01-01T00:00:00Z  | 2028-02-29T00:00:00Z 2032-02-29T00:00:00Z
                    0 0 29 2 *           | 2096-03-01T00:00:00Z  | 2104-02-29T00:00:00Z 2108-02-29T00:00:00Z
                    0 0 31 * *           | 2026-01-31T00:00:00Z  | 2026-03-31T00:00:00Z 2026-05-31T00:00:00Z
                    0 0 L * *            | 2028-02-01T00:00:00Z  | 2028-02-29T00:00:00Z 2028-03-31T00:00:00Z
                    0 0 L-3 * ?          | 2026-02-01T00:00:00Z  | 2026-02-25T00:00:00Z 2026-03-28T00:00:00Z
                    0 0 LW * *           | 2026-01-01T00:00:00Z  | 2026-01-30T00:00:00Z 2026-02-27T00:00:00Z
                    0 0 1W * *           | 2026-07-15T00:00:00Z  | 2026-08-03T00:00:00Z 2026-09-01T00:00:00Z
                    0 0 15W * *          | 2026-08-01T00:00:00Z  | 2026-08-14T00:00:00Z 2026-09-15T00:00:00Z
                    0 0 ? * FRI#2        | 2026-01-01T00:00:00Z  | 2026-01-09T00:00:00Z 2026-02-13T00:00:00Z
                    0 0 ? * 5#5          | 2026-01-01T00:00:00Z  | 2026-01-30T00:00:00Z 2026-05-29T00:00:00Z
                    0 0 * * FRIL         | 2026-01-01T00:00:00Z  | 2026-01-30T00:00:00Z 2026-02-27T00:00:00Z
                    0 0 * * SAT-SUN      | 2026-01-01T00:00:00Z  | 2026-01-03T00:00:00Z 2026-01-04T00:00:00Z
                    0 0 * * 7            | 2026-01-01T00:00:00Z  | 2026-01-04T00:00:00Z 2026-01-11T00:00:00Z
                    10/20 8 * JUN-AUG/2 *| 2026-01-01T00:00:00Z  | 2026-06-01T08:10:00Z 2026-06-01T08:30:00Z
                    """)
    void givesTheNextTimes(String expression, String after, String expected) {
        assertThat(next(Cron.of(expression, ZoneOffset.UTC), after, 2)).isEqualTo(expected);
    }

    /// In spring clocks go forward, in autumn back.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # zone             | expression    | after                | the next two times
                    Europe/Berlin | 30 2 * * * | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z
                    Europe/Berlin | 30 2 * * * | 2026-03-29T00:59:59Z | 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z
                    Europe/Berlin | */15 2 * * * | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T00:00:00Z
                    Europe/Berlin | 0 2,3 * * * | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T00:00:00Z
                    Europe/Berlin | 30 * * * * | 2026-03-29T00:00:00Z | 2026-03-29T00:30:00Z 2026-03-29T01:30:00Z
                    Europe/Berlin | 30 2 * * * | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z 2026-10-26T01:30:00Z
                    Europe/Berlin | 30 2 * * * | 2026-10-25T01:10:00Z | 2026-10-26T01:30:00Z 2026-10-27T01:30:00Z
                    Europe/Berlin | 0 3 * * * | 2026-10-25T00:10:00Z | 2026-10-25T02:00:00Z 2026-10-26T02:00:00Z
                    Europe/Berlin | 30 * * * * | 2026-10-25T00:00:00Z | 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z
                    America/New_York | 30 2 * * * | 2026-03-07T12:00:00Z | 2026-03-08T07:00:00Z 2026-03-09T06:30:00Z
                    America/New_York | 30 1 * * * | 2026-10-31T12:00:00Z | 2026-11-01T05:30:00Z 2026-11-02T06:30:00Z
                    Australia/Lord_Howe| 15 2 * * * | 2026-10-03T00:00:00Z | 2026-10-03T15:30:00Z 2026-10-04T15:15:00Z
                    Australia/Lord_Howe| 45 1 * * * | 2026-04-04T00:00:00Z | 2026-04-04T14:45:00Z 2026-04-05T15:15:00Z
                    Australia/Lord_Howe| 45 * * * * | 2026-04-04T14:30:00Z | 2026-04-04T14:45:00Z 2026-04-04T15:15:00Z
                    Africa/Cairo | 0 0 * * * | 2026-04-23T12:00:00Z | 2026-04-23T22:00:00Z 2026-04-24T21:00:00Z
                    Pacific/Apia | 0 12 30 12 * | 2011-01-01T00:00:00Z | 2011-12-30T10:00:00Z 2012-12-29T22:00:00Z
                    +05:45 | 0 0 * * * | 2026-01-01T00:00:00Z | 2026-01-01T18:15:00Z 2026-01-02T18:15:00Z
                    """)
    void followsTheClocksOfTheZone(String zone, String expression, String after, String expected) {
        assertThat(next(Cron.of(expression, ZoneId.of(zone)), after, 2)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''             | must have 5 fields (minute, hour, day of the month, month, day of the week)
                    * * * *        | must have 5 fields (minute, hour, day of the month, month, day of the week)
                    * * * * * * *  | must have 5 fields (minute, hour, day of the month, month, day of the week)
                    @reboot        | must be one of @hourly, @daily, @midnight
                    60 * * * *     | the minute "60": this field has values from 0 to 59
                    * 24 * * *     | the hour "24": this field has values from 0 to 23
                    * * 0 * *      | the day of the month "0": this field has values from 1 to 31
                    * * * 13 *     | the month "13": this field has values from 1 to 12
                    * * * * 8      | the day of the week "8": this field has values from 0 to 7
                    * * * * FRY    | the day of the week "FRY": cannot be read
                    * * * * L      | the day of the week "L": cannot be read
                    * * * * FRI#6  | the day of the week "FRI#6": this field counts from #1 to #5
                    */0 * * * *    | the minute "*/0": this field has steps from 1 to 59
                    */60 * * * *   | the minute "*/60": this field has steps from 1 to 59
                    5-1 * * * *    | the minute "5-1": this field goes from a smaller value to a larger one
                    1,,2 * * * *   | the minute "": cannot be read
                    ? * * * *      | the minute "?": cannot be read
                    -1 * * * *     | the minute "-1": cannot be read
                    * * L-31 * *   | the day of the month "L-31": this field has at most 30 days before the last
                    0 0 30 2 *     | never comes: no month has such a day
                    0 0 31 2,4,6 * | never comes: no month has such a day
                    """)
    void saysWhatIsWrong(String expression, String message) {
        assertThatThrownBy(() -> Cron.of(expression, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void endsWithTheYear9999() {
        Cron yearly = Cron.of("@yearly", ZoneId.of("Europe/Berlin"));
        assertThat(yearly.next(Instant.parse("9998-06-01T00:00:00Z")))
                .isEqualTo("9998-12-31T23:00:00Z");
        assertThat(yearly.next(Instant.parse("9999-06-01T00:00:00Z")))
                .isEqualTo("9999-12-31T23:00:00Z");
        assertThat(yearly.next(Instant.parse("9999-12-31T23:00:00Z"))).isNull();
        assertThat(yearly.next(Instant.MAX)).isNull();
        Cron rare = Cron.of("0 0 29 2 ?", ZoneId.of("Europe/Berlin"));
        assertThat(rare.next(Instant.parse("9996-06-01T00:00:00Z"))).isNull();
    }

    @Test
    void timesBefore1970AreTimesLikeOthers() {
        assertThat(next(Cron.of("@daily", ZoneOffset.UTC), "1901-12-31T23:59:59.999Z", 1))
                .isEqualTo("1902-01-01T00:00:00Z");
    }

    private static String next(Timetable timetable, String after, int count) {
        List<Instant> times = new ArrayList<>();
        Instant time = Instant.parse(after);
        for (int i = 0; i < count; i++) {
            time = Objects.requireNonNull(timetable.next(time));
            times.add(time);
        }
        return times.stream().map(Instant::toString).collect(Collectors.joining(" "));
    }
}

package io.millrace.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The `Retry-After` header (RFC 9110, section 10.2.3): seconds, or a date in one of the three
/// forms of section 5.6.7.
public final class RetryAfter {
    private static final int SECONDS_DIGITS_MAX = 9;

    private RetryAfter() {}

    /// How long to wait from now; zero if the date is past, `null` if there is no header or it
    /// makes no sense.
    ///
    /// @param nowMillis since 1970-01-01T00:00Z
    public static @Nullable Duration parse(@Nullable String header, long nowMillis) {
        if (header == null) {
            return null;
        }
        String text = header.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            // More digits than this are decades; the schedule has its own bound far below.
            return Duration.ofSeconds(
                    text.length() > SECONDS_DIGITS_MAX ? 999_999_999 : Long.parseLong(text));
        }
        for (DateTimeFormatter form : forms(nowMillis)) {
            try {
                Instant until = LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC);
                Duration wait = Duration.between(Instant.ofEpochMilli(nowMillis), until);
                return wait.isNegative() ? Duration.ZERO : wait;
            } catch (DateTimeParseException _) {
                // Perhaps it has the next form.
            }
        }
        return null;
    }

    private static List<DateTimeFormatter> forms(long nowMillis) {
        // Two digits of a year mean the one that is at most 50 years ahead.
        int year = Instant.ofEpochMilli(nowMillis).atZone(ZoneOffset.UTC).getYear();
        DateTimeFormatter rfc850 =
                new DateTimeFormatterBuilder()
                        .appendPattern("EEEE, dd-MMM-")
                        .appendValueReduced(ChronoField.YEAR, 2, 2, year - 49)
                        .appendPattern(" HH:mm:ss 'GMT'")
                        .toFormatter(Locale.ENGLISH);
        return List.of(
                DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH),
                rfc850,
                DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH));
    }
}

package io.millrace.cli.replay;

import io.millrace.cli.process.CommandFailure;
import io.millrace.error.MillraceException;
import io.millrace.event.Timestamp;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads the time of an event from a column. Immutable.
final class TimeColumn {
    private final String column;
    private final Format format;
    private final ZoneId zone;

    private sealed interface Format {
        /// RFC 3339, else a local date and time with a space or a `T`.
        record Usual(List<DateTimeFormatter> local) implements Format {}

        /// A count since 1970.
        ///
        /// @param digits by how many digits the unit is smaller than a second
        record Epoch(int digits) implements Format {}

        record Written(DateTimeFormatter formatter) implements Format {}
    }

    /// @param format `rfc3339`, `epoch-seconds`, `epoch-millis`, `epoch-micros`, a pattern of
    ///   [DateTimeFormatter], or `null` to try the usual ones
    /// @param zone what times without an offset are in
    /// @throws CommandFailure if the format is none of these
    TimeColumn(String column, @Nullable String format, ZoneId zone) {
        this.column = column;
        this.format = format(format);
        this.zone = zone;
    }

    private static Format format(@Nullable String text) {
        return switch (text) {
            case null -> new Format.Usual(List.of(local(' '), local('T')));
            case "rfc3339" -> new Format.Usual(List.of());
            case "epoch-seconds" -> new Format.Epoch(0);
            case "epoch-millis" -> new Format.Epoch(3);
            case "epoch-micros" -> new Format.Epoch(6);
            default -> {
                try {
                    yield new Format.Written(DateTimeFormatter.ofPattern(text, Locale.ENGLISH));
                } catch (IllegalArgumentException e) {
                    throw CommandFailure.usage(
                            ("--time-format: \"%s\" is none of rfc3339, epoch-seconds, epoch-millis, "
                                            + "epoch-micros, and no pattern such as yyyy-MM-dd HH:mm: %s")
                                    .formatted(text, e.getMessage()));
                }
            }
        };
    }

    private static DateTimeFormatter local(char between) {
        return new DateTimeFormatterBuilder()
                .appendPattern("uuuu-MM-dd")
                .appendLiteral(between)
                .appendPattern("HH:mm:ss")
                .optionalStart()
                .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
                .optionalEnd()
                .toFormatter(Locale.ENGLISH);
    }

    /// The column's name.
    String column() {
        return column;
    }

    /// The time of a row. A time that is RFC 3339 stays as it is written.
    ///
    /// @throws CommandFailure naming the row and what was expected
    Timestamp at(Row row) {
        Row.Value value = row.value(column);
        if (value == null) {
            throw CommandFailure.failed(
                    "%s: --time-column: there is no column %s. The columns are %s."
                            .formatted(row.place(), column, row.columns().listed()));
        }
        String text = value.text().strip();
        Timestamp time =
                switch (format) {
                    case Format.Usual(List<DateTimeFormatter> local) -> usual(text, local);
                    case Format.Epoch(int digits) -> epoch(text, digits);
                    case Format.Written(DateTimeFormatter formatter) -> written(text, formatter);
                };
        if (time == null) {
            throw CommandFailure.failed(
                    "%s: column %s holds \"%s\", which is not a time in the expected form; see --time-format."
                            .formatted(row.place(), column, text));
        }
        return time;
    }

    private @Nullable Timestamp usual(String text, List<DateTimeFormatter> local) {
        // The longest of RFC 3339 with a T in its place; else an exception would be the rule.
        if (text.length() > 19 && (text.charAt(10) == 'T' || text.charAt(10) == 't')) {
            try {
                return Timestamp.parse(column, text);
            } catch (MillraceException _) {
                // Perhaps it only lacks an offset.
            }
        }
        for (DateTimeFormatter formatter : local) {
            Timestamp time = written(text, formatter);
            if (time != null) {
                return time;
            }
        }
        return null;
    }

    private static @Nullable Timestamp epoch(String text, int digits) {
        try {
            BigDecimal seconds = new BigDecimal(text).movePointLeft(digits);
            BigDecimal[] parts = seconds.divideAndRemainder(BigDecimal.ONE);
            return Timestamp.of(
                    Instant.ofEpochSecond(
                            parts[0].longValueExact(), parts[1].movePointRight(9).longValue()));
        } catch (ArithmeticException | NumberFormatException | DateTimeException _) {
            return null;
        }
    }

    private @Nullable Timestamp written(String text, DateTimeFormatter formatter) {
        try {
            TemporalAccessor parsed = formatter.parse(text);
            if (parsed.isSupported(ChronoField.INSTANT_SECONDS)) {
                return Timestamp.of(Instant.from(parsed));
            }
            LocalDate date = parsed.query(TemporalQueries.localDate());
            var clock = parsed.query(TemporalQueries.localTime());
            if (date == null) {
                return null;
            }
            LocalDateTime local = clock == null ? date.atStartOfDay() : date.atTime(clock);
            OffsetDateTime time = local.atZone(zone).toOffsetDateTime();
            return time.getOffset().equals(ZoneOffset.UTC)
                    ? Timestamp.of(time.toInstant())
                    : Timestamp.of(time);
        } catch (DateTimeException _) {
            return null;
        }
    }
}

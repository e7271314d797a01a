package io.millrace.query.source;

import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Timestamp;
import java.time.Instant;

/// Times as events carry them, RFC 3339, without making texts of the usual ones.
final class EventTimes {
    private static final long NOT_USUAL = Long.MIN_VALUE;
    private static final int[] DAYS_BEFORE = {
        0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334
    };

    private EventTimes() {}

    /// Milliseconds since 1970, cut off behind the millisecond.
    ///
    /// @param otherwise if there is no time, or the text is none
    static long millis(Bytes text, long otherwise) {
        long usual = usual(text);
        if (usual != NOT_USUAL) {
            return usual;
        }
        try {
            return Timestamp.parse("time", text.toUtf8()).instant().toEpochMilli();
        } catch (MillraceException _) {
            return otherwise;
        }
    }

    /// The time with all its digits; `null` if the text is none.
    static @org.jspecify.annotations.Nullable Instant instant(Bytes text) {
        try {
            return Timestamp.parse("time", text.toUtf8()).instant();
        } catch (MillraceException _) {
            return null;
        }
    }

    /// `2026-11-23T05:00:00Z`, with or without a fraction.
    private static long usual(Bytes text) {
        int length = text.length();
        if (length < 20 || length > 30 || text.at(length - 1) != 'Z' || text.at(10) != 'T') {
            return NOT_USUAL;
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 2);
        int day = number(text, 8, 2);
        int hour = number(text, 11, 2);
        int minute = number(text, 14, 2);
        int second = number(text, 17, 2);
        if (year < 1
                || month < 1
                || month > 12
                || day < 1
                || hour < 0
                || minute < 0
                || second < 0) {
            return NOT_USUAL;
        }
        int millis = 0;
        if (length > 20) {
            if (text.at(19) != '.') {
                return NOT_USUAL;
            }
            int weight = 100;
            for (int i = 20; i < length - 1; i++) {
                int digit = text.at(i) - '0';
                if (digit < 0 || digit > 9) {
                    return NOT_USUAL;
                }
                millis += digit * weight;
                weight /= 10;
            }
        }
        if (second > 59 || minute > 59 || hour > 23 || day > 28) {
            // Ends of months and leap seconds are left to those who know calendars.
            return day > 31 || second > 59 || minute > 59 || hour > 23
                    ? NOT_USUAL
                    : endOfMonth(text);
        }
        return ((days(year, month, day) * 24 + hour) * 60 + minute) * 60_000L
                + second * 1_000L
                + millis;
    }

    private static long endOfMonth(Bytes text) {
        Instant instant = instant(text);
        return instant == null ? NOT_USUAL : instant.toEpochMilli();
    }

    private static long days(int year, int month, int day) {
        int before = year - 1;
        long days = 365L * before + before / 4 - before / 100 + before / 400;
        boolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        days += DAYS_BEFORE[month - 1] + (leap && month > 2 ? 1 : 0) + day - 1;
        // Days from the year 1 to 1970.
        return days - 719_162;
    }

    private static int number(Bytes text, int from, int digits) {
        int number = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = text.at(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}

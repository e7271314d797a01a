package io.millrace.schedule;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/// A cron expression in bits: bit `n` is set where `n` fits.
///
/// @param months bits 1 to 12
record CronFields(long seconds, long minutes, long hours, long months, CronDays days) {
    private static final long EVERY_HOUR = (1L << 24) - 1;

    /// The calendar repeats itself, weekdays included, after 400 years.
    private static final int MONTHS_MAX = 400 * 12;

    boolean everyHour() {
        return hours == EVERY_HOUR;
    }

    /// The first fitting time that is not before `from`, a whole second; `null` if none ever is.
    @Nullable LocalDateTime next(LocalDateTime from) {
        YearMonth month = YearMonth.from(from);
        int firstDay = from.getDayOfMonth();
        LocalTime time = timeFrom(from.toLocalTime());
        if (time == null) {
            firstDay++;
        }
        for (int i = 0; i <= MONTHS_MAX; i++) {
            long fitting = fits(months, month.getMonthValue()) ? days.of(month) : 0;
            int day = first(fitting, firstDay);
            if (day > 0) {
                LocalDate date = month.atDay(day);
                LocalTime from0 = date.equals(from.toLocalDate()) ? time : midnight();
                return from0 == null ? null : date.atTime(from0);
            }
            month = month.plusMonths(1);
            firstDay = 1;
        }
        return null;
    }

    private @Nullable LocalTime midnight() {
        return timeFrom(LocalTime.MIDNIGHT);
    }

    /// The first fitting time of a day that is not before `from`; `null` if that is another day's.
    private @Nullable LocalTime timeFrom(LocalTime from) {
        int hour = first(hours, from.getHour());
        if (hour == from.getHour()) {
            int minute = first(minutes, from.getMinute());
            if (minute == from.getMinute()) {
                int second = first(seconds, from.getSecond());
                if (second >= 0) {
                    return LocalTime.of(hour, minute, second);
                }
                minute = first(minutes, minute + 1);
            }
            if (minute >= 0) {
                return LocalTime.of(hour, minute, first(seconds, 0));
            }
            hour = first(hours, hour + 1);
        }
        return hour < 0 ? null : LocalTime.of(hour, first(minutes, 0), first(seconds, 0));
    }

    static boolean fits(long bits, int value) {
        return (bits >>> value & 1) != 0;
    }

    /// The first set bit from `from` on; -1 if there is none.
    private static int first(long bits, int from) {
        long rest = from > 63 ? 0 : bits >>> from << from;
        return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
    }
}

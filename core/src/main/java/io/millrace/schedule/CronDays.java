package io.millrace.schedule;

import java.time.DayOfWeek;
import java.time.YearMonth;
import java.util.List;

/// Which days of a month fit.
///
/// @param ofMonth days that fit by their number
/// @param ofWeek days that fit by their weekday
/// @param both whether a day has to fit by both; else one is enough
record CronDays(List<DayOfMonth> ofMonth, List<DayOfWeekRule> ofWeek, boolean both) {
    /// One item of the field for days of the month.
    sealed interface DayOfMonth {}

    /// Plain numbers, as bits.
    record Numbers(long bits) implements DayOfMonth {}

    /// So many days before the last; if that is no weekday and one is wanted, the nearest.
    record FromLast(int before, boolean weekday) implements DayOfMonth {}

    /// The weekday (Monday to Friday) nearest to a day, in the same month.
    record NearestWeekday(int day) implements DayOfMonth {}

    /// One item of the field for days of the week; Sunday is 0.
    sealed interface DayOfWeekRule {}

    /// Plain weekdays, as bits.
    record Weekdays(long bits) implements DayOfWeekRule {}

    /// The n-th such weekday of the month.
    record Nth(int weekday, int nth) implements DayOfWeekRule {}

    /// The last such weekday of the month.
    record LastWeekday(int weekday) implements DayOfWeekRule {}

    /// The fitting days of a month as bits 1 to 31.
    long of(YearMonth month) {
        long byNumber = 0;
        for (DayOfMonth item : ofMonth) {
            byNumber |= number(item, month);
        }
        long byWeekday = 0;
        for (DayOfWeekRule item : ofWeek) {
            byWeekday |= weekday(item, month);
        }
        long all = ((1L << month.lengthOfMonth()) - 1) << 1;
        return all & (both ? byNumber & byWeekday : byNumber | byWeekday);
    }

    private static long number(DayOfMonth item, YearMonth month) {
        int length = month.lengthOfMonth();
        return switch (item) {
            case Numbers(long bits) -> bits;
            case FromLast(int before, boolean weekday) -> {
                int day = length - before;
                yield day < 1 ? 0 : 1L << (weekday ? nearestWeekday(month, day) : day);
            }
            case NearestWeekday(int day) -> day > length ? 0 : 1L << nearestWeekday(month, day);
        };
    }

    private static int nearestWeekday(YearMonth month, int day) {
        DayOfWeek weekday = month.atDay(day).getDayOfWeek();
        return switch (weekday) {
            case SATURDAY -> day == 1 ? 3 : day - 1;
            case SUNDAY -> day == month.lengthOfMonth() ? day - 2 : day + 1;
            case MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY -> day;
        };
    }

    private static long weekday(DayOfWeekRule item, YearMonth month) {
        return switch (item) {
            case Weekdays(long bits) -> {
                long days = 0;
                for (int weekday = 0; weekday < 7; weekday++) {
                    for (int day = firstDay(month, weekday);
                            CronFields.fits(bits, weekday) && day <= 31;
                            day += 7) {
                        days |= 1L << day;
                    }
                }
                yield days;
            }
            case Nth(int weekday, int nth) -> 1L << (firstDay(month, weekday) + 7 * (nth - 1));
            case LastWeekday(int weekday) -> {
                int first = firstDay(month, weekday);
                yield 1L << (first + (month.lengthOfMonth() - first) / 7 * 7);
            }
        };
    }

    /// The first day of the month that is this weekday.
    private static int firstDay(YearMonth month, int weekday) {
        int ofFirst = month.atDay(1).getDayOfWeek().getValue() % 7;
        return 1 + Math.floorMod(weekday - ofFirst, 7);
    }
}

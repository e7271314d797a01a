package io.millrace.schedule;

import io.millrace.event.Quoted;
import io.millrace.schedule.CronDays.DayOfMonth;
import io.millrace.schedule.CronDays.DayOfWeekRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads cron expressions; what is accepted is told in [Cron].
final class CronParser {
    private static final int LENGTH_MAX = 512;
    private static final Map<String, String> NICKNAMES =
            Map.of(
                    "@yearly", "0 0 1 1 *",
                    "@annually", "0 0 1 1 *",
                    "@monthly", "0 0 1 * *",
                    "@weekly", "0 0 * * 0",
                    "@daily", "0 0 * * *",
                    "@midnight", "0 0 * * *",
                    "@hourly", "0 * * * *");
    private static final Pattern FROM_LAST = Pattern.compile("L(?:-(\\d{1,2}))?(W)?");
    private static final Pattern NEAREST_WEEKDAY = Pattern.compile("(\\d{1,2})W");
    private static final Pattern NTH = Pattern.compile("(\\w+)#(\\d)");
    private static final Pattern LAST_WEEKDAY = Pattern.compile("(\\w+)L");

    private static final CronField SECOND = new CronField("second", 0, 59, List.of());
    private static final CronField MINUTE = new CronField("minute", 0, 59, List.of());
    private static final CronField HOUR = new CronField("hour", 0, 23, List.of());
    private static final CronField DAY = new CronField("day of the month", 1, 31, List.of());
    private static final CronField MONTH =
            new CronField(
                    "month",
                    1,
                    12,
                    List.of(
                            "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT",
                            "NOV", "DEC"));
    private static final CronField WEEKDAY =
            new CronField(
                    "day of the week",
                    0,
                    7,
                    List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

    private CronParser() {}

    /// @throws IllegalArgumentException whose message says what is wrong
    static CronFields parse(String expression) {
        if (expression.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "must not be longer than %d characters".formatted(LENGTH_MAX));
        }
        String text = expression.strip().toUpperCase(Locale.ROOT);
        if (text.startsWith("@")) {
            text = nickname(text.toLowerCase(Locale.ROOT));
        }
        String[] fields = text.split("\\s+", -1);
        if (fields.length != 5 && fields.length != 6) {
            throw new IllegalArgumentException(
                    "must have 5 fields (minute, hour, day of the month, month, day of the week),"
                            + " or 6 with the second first");
        }
        int minute = fields.length - 5;
        return new CronFields(
                minute == 0 ? 1 : SECOND.bits(fields[0]),
                MINUTE.bits(fields[minute]),
                HOUR.bits(fields[minute + 1]),
                MONTH.bits(fields[minute + 3]),
                days(fields[minute + 2], fields[minute + 4]));
    }

    private static String nickname(String name) {
        String expression = NICKNAMES.get(name);
        if (expression == null) {
            throw new IllegalArgumentException(
                    "must be one of @hourly, @daily, @midnight, @weekly, @monthly, @yearly,"
                            + " @annually, or 5 or 6 fields");
        }
        return expression;
    }

    private static CronDays days(String ofMonth, String ofWeek) {
        String month = ofMonth.equals("?") ? "*" : ofMonth;
        String week = ofWeek.equals("?") ? "*" : ofWeek;
        boolean both = month.startsWith("*") || week.startsWith("*");
        List<DayOfMonth> numbers = new ArrayList<>();
        for (String item : month.split(",", -1)) {
            numbers.add(dayOfMonth(item));
        }
        List<DayOfWeekRule> weekdays = new ArrayList<>();
        for (String item : week.split(",", -1)) {
            weekdays.add(dayOfWeek(item));
        }
        return new CronDays(List.copyOf(numbers), List.copyOf(weekdays), both);
    }

    private static DayOfMonth dayOfMonth(String item) {
        Matcher last = FROM_LAST.matcher(item);
        if (last.matches()) {
            int before = last.group(1) == null ? 0 : Integer.parseInt(last.group(1));
            if (before > 30) {
                throw DAY.wrong(item, "has at most 30 days before the last");
            }
            return new CronDays.FromLast(before, last.group(2) != null);
        }
        Matcher nearest = NEAREST_WEEKDAY.matcher(item);
        if (nearest.matches()) {
            return new CronDays.NearestWeekday(DAY.value(nearest.group(1), item));
        }
        return new CronDays.Numbers(DAY.itemBits(item));
    }

    private static DayOfWeekRule dayOfWeek(String item) {
        Matcher nth = NTH.matcher(item);
        if (nth.matches()) {
            int count = Integer.parseInt(nth.group(2));
            if (count < 1 || count > 5) {
                throw WEEKDAY.wrong(item, "counts from #1 to #5");
            }
            return new CronDays.Nth(WEEKDAY.value(nth.group(1), item) % 7, count);
        }
        Matcher last = LAST_WEEKDAY.matcher(item);
        if (last.matches()) {
            return new CronDays.LastWeekday(WEEKDAY.value(last.group(1), item) % 7);
        }
        long bits = WEEKDAY.itemBits(item);
        boolean sunday = CronFields.fits(bits, 0) || CronFields.fits(bits, 7);
        return new CronDays.Weekdays((sunday ? bits | 1 : bits) & 0x7F);
    }

    /// One field of an expression: its name in messages, its range, and names for its values.
    ///
    /// @param names of the values from `min` on; may be empty
    private record CronField(String name, int min, int max, List<String> names) {
        long bits(String field) {
            long bits = 0;
            for (String item : field.split(",", -1)) {
                bits |= itemBits(item);
            }
            return bits;
        }

        /// `*`, `a`, `a-b`, each perhaps with `/step`; `a/step` goes to the end of the range.
        long itemBits(String item) {
            int slash = item.indexOf('/');
            String range = slash < 0 ? item : item.substring(0, slash);
            int step = slash < 0 ? 1 : number(item.substring(slash + 1), item);
            if (step < 1 || step > max - min) {
                throw wrong(item, "has steps from 1 to %d".formatted(max - min));
            }
            int dash = range.indexOf('-');
            int from;
            int to;
            if (range.equals("*")) {
                from = min;
                to = name.equals("day of the week") ? 6 : max;
            } else if (dash < 0) {
                from = value(range, item);
                to = slash < 0 ? from : max;
            } else {
                from = value(range.substring(0, dash), item);
                to = value(range.substring(dash + 1), item);
                // Sunday may end a week as well as begin one.
                to = names.size() == 7 && to == 0 && from > 0 ? 7 : to;
            }
            if (from > to) {
                throw wrong(item, "goes from a smaller value to a larger one");
            }
            long bits = 0;
            for (int value = from; value <= to; value += step) {
                bits |= 1L << value;
            }
            return bits;
        }

        int value(String text, String item) {
            int index = names.indexOf(text);
            int value = index >= 0 ? min + index : number(text, item);
            if (value < min || value > max) {
                throw wrong(item, "has values from %d to %d".formatted(min, max));
            }
            return value;
        }

        private int number(String text, String item) {
            if (!text.matches("[0-9]{1,4}")) {
                throw wrong(item, "cannot be read");
            }
            return Integer.parseInt(text);
        }

        IllegalArgumentException wrong(String item, String detail) {
            return new IllegalArgumentException(
                    "the %s \"%s\": %s"
                            .formatted(
                                    name,
                                    Quoted.shortened(item),
                                    detail.startsWith("cannot") ? detail : "this field " + detail));
        }
    }
}

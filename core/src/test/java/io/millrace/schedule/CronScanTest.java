package io.millrace.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Random expressions against a scan that walks minute by minute and looks at the clock on the
/// wall. The scan shares nothing with the code it checks: it reads the expression anew for each
/// minute.
final class CronScanTest {
    private static final int EXPRESSIONS = 250;

    /// Most looks are short, around a change of the clocks; every tenth is long.
    private static final int DAYS = 3;

    private static final int DAYS_LONG = 40;
    private static final List<String> ZONES =
            List.of(
                    "UTC",
                    "Europe/Berlin",
                    "America/New_York",
                    "Australia/Lord_Howe",
                    "Africa/Cairo",
                    "America/St_Johns",
                    "Asia/Kathmandu");

    @Test
    void agreesWithTheScan() {
        long seed = System.nanoTime();
        System.out.println("seed of CronScanTest: " + seed);
        Random random = new Random(seed);
        int fired = 0;
        for (int i = 0; i < EXPRESSIONS; i++) {
            String expression = expression(random);
            ZoneId zone = ZoneId.of(ZONES.get(random.nextInt(ZONES.size())));
            boolean wide = i % 10 == 0;
            Instant from = start(random, zone.getRules());
            Instant to = from.plusSeconds((wide ? DAYS_LONG : DAYS) * 86_400L);
            List<Instant> expected = scan(expression, zone.getRules(), from, to);
            assertThat(times(expression, zone, from, to))
                    .as("seed %d: %s in %s from %s", seed, expression, zone, from)
                    .isEqualTo(expected);
            fired += expected.size();
        }
        assertThat(fired).isPositive();
    }

    /// At most a day and a half before a change of the clocks, where there are any.
    private static Instant start(Random random, ZoneRules rules) {
        Instant any =
                Instant.parse("2020-01-01T00:00:00Z")
                        .plusSeconds(60L * random.nextInt(10 * 365 * 1440));
        var change = rules.nextTransition(any);
        return change == null
                ? any
                : change.getInstant().minusSeconds(60L * random.nextInt(36 * 60));
    }

    private static List<Instant> times(String expression, ZoneId zone, Instant from, Instant to) {
        List<Instant> times = new ArrayList<>();
        Cron cron;
        try {
            cron = Cron.of(expression, zone);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("never comes");
            return times;
        }
        for (Instant time = cron.next(from);
                time != null && !time.isAfter(to);
                time = cron.next(time)) {
            times.add(time);
        }
        return times;
    }

    private static List<Instant> scan(
            String expression, ZoneRules rules, Instant from, Instant to) {
        String[] fields = expression.split(" ", -1);
        boolean everyHour = fits(fields[1], 0, 23, 0);
        for (int hour = 1; hour < 24; hour++) {
            everyHour &= fits(fields[1], 0, 23, hour);
        }
        List<Instant> times = new ArrayList<>();
        for (Instant now = from.plusSeconds(60); !now.isAfter(to); now = now.plusSeconds(60)) {
            LocalDateTime wall = LocalDateTime.ofInstant(now, rules.getOffset(now));
            Instant before = now.minusSeconds(60);
            LocalDateTime last = LocalDateTime.ofInstant(before, rules.getOffset(before));
            boolean fires = fits(fields, wall);
            if (!everyHour) {
                List<ZoneOffset> offsets = rules.getValidOffsets(wall);
                fires &= offsets.getFirst().equals(rules.getOffset(now));
                for (LocalDateTime gap = last.plusMinutes(1);
                        gap.isBefore(wall);
                        gap = gap.plusMinutes(1)) {
                    fires |= fits(fields, gap);
                }
            }
            if (fires) {
                times.add(now);
            }
        }
        return times;
    }

    private static boolean fits(String[] fields, LocalDateTime time) {
        boolean day = fitsDay(fields[2], time.toLocalDate());
        boolean weekday = fitsWeekday(fields[4], time.toLocalDate());
        boolean both = fields[2].startsWith("*") || fields[4].startsWith("*");
        return fits(fields[0], 0, 59, time.getMinute())
                && fits(fields[1], 0, 23, time.getHour())
                && fits(fields[3], 1, 12, time.getMonthValue())
                && (both ? day && weekday : day || weekday);
    }

    private static boolean fitsDay(String field, LocalDate date) {
        if (field.endsWith("W")) {
            String day = field.substring(0, field.length() - 1);
            int wanted = day.equals("L") ? date.lengthOfMonth() : Integer.parseInt(day);
            try {
                LocalDate target = date.withDayOfMonth(wanted);
                // The nearest of all weekdays of the month; of two, the earlier cannot occur.
                LocalDate nearest = null;
                for (int i = 1; i <= date.lengthOfMonth(); i++) {
                    LocalDate each = date.withDayOfMonth(i);
                    boolean works = each.getDayOfWeek().getValue() < 6;
                    if (works && (nearest == null || away(each, target) < away(nearest, target))) {
                        nearest = each;
                    }
                }
                return date.equals(nearest);
            } catch (DateTimeException _) {
                return false;
            }
        }
        if (field.startsWith("L")) {
            int before = field.equals("L") ? 0 : Integer.parseInt(field.substring(2));
            return date.getDayOfMonth() == date.lengthOfMonth() - before;
        }
        return fits(field, 1, 31, date.getDayOfMonth());
    }

    private static long away(LocalDate one, LocalDate other) {
        return Math.abs(one.toEpochDay() - other.toEpochDay());
    }

    private static boolean fitsWeekday(String field, LocalDate date) {
        int weekday = date.getDayOfWeek().getValue() % 7;
        if (field.endsWith("L")) {
            return fits(field.substring(0, 1), 0, 7, weekday)
                    && date.plusDays(7).getMonth() != date.getMonth();
        }
        int hash = field.indexOf('#');
        if (hash > 0) {
            return fits(field.substring(0, hash), 0, 7, weekday)
                    && (date.getDayOfMonth() + 6) / 7 == field.charAt(hash + 1) - '0';
        }
        return fits(field, 0, 6, weekday) || (weekday == 0 && fits(field, 0, 7, 7));
    }

    private static boolean fits(String field, int min, int max, int value) {
        for (String item : field.split(",", -1)) {
            String[] parts = item.split("/", -1);
            String[] range = parts[0].split("-", -1);
            int from = parts[0].equals("*") ? min : Integer.parseInt(range[0]);
            int to =
                    range.length == 2
                            ? Integer.parseInt(range[1])
                            : parts[0].equals("*") || parts.length == 2 ? max : from;
            int step = parts.length == 2 ? Integer.parseInt(parts[1]) : 1;
            if (value >= from && value <= to && (value - from) % step == 0) {
                return true;
            }
        }
        return false;
    }

    private static String expression(Random random) {
        String day =
                switch (random.nextInt(6)) {
                    case 0 -> "L";
                    case 1 -> "L-" + random.nextInt(31);
                    case 2 -> (1 + random.nextInt(31)) + "W";
                    case 3 -> "LW";
                    default -> field(random, 1, 31);
                };
        String weekday =
                switch (random.nextInt(5)) {
                    case 0 -> random.nextInt(7) + "L";
                    case 1 -> random.nextInt(7) + "#" + (1 + random.nextInt(5));
                    default -> field(random, 0, 6);
                };
        return String.join(
                " ",
                field(random, 0, 59),
                random.nextBoolean() ? field(random, 0, 23) : field(random, 0, 4),
                random.nextInt(3) == 0 ? "*" : day,
                random.nextInt(3) == 0 ? field(random, 1, 12) : "*",
                random.nextInt(3) == 0 ? weekday : "*");
    }

    private static String field(Random random, int min, int max) {
        int from = min + random.nextInt(max - min + 1);
        int to = from + random.nextInt(max - from + 1);
        int step = 1 + random.nextInt(Math.max(1, (max - min) / 2));
        return switch (random.nextInt(7)) {
            case 0 -> "*";
            case 1 -> from + "-" + to;
            case 2 -> from + "-" + to + "/" + step;
            case 3 -> "*/" + step;
            case 4 -> from + "/" + step;
            case 5 -> from + "," + to;
            default -> Integer.toString(from);
        };
    }
}

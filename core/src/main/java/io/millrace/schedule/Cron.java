package io.millrace.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/// A cron expression in a time zone.
///
/// Five fields: minute, hour, day of the month, month, day of the week; with six, the first is the
/// second. Each is `*`, a value, a range `a-b`, a list `a,b`, or any of these with a step `/n`;
/// months and weekdays have English names of three letters; 0 and 7 are Sunday. Days of the month
/// also know `L` (last), `L-3` (three days before it), `15W` (the weekday nearest to the 15th, in
/// the same month) and `LW`; days of the week know `5L` or `FRIL` (last Friday) and `FRI#2` (second
/// Friday). `?` is `*`. `@hourly`, `@daily` or `@midnight`, `@weekly`, `@monthly`, `@yearly` or
/// `@annually` stand for expressions.
///
/// As in Vixie cron, a day fits if the day of the month *or* the day of the week fits when both are
/// restricted, that is, when neither field begins with `*` or is `?`; else both have to fit.
///
/// When clocks change, as in Vixie cron as well:
///
/// - An expression that is restricted to some hours (`30 2 * * *`, `0 */2 * * *`) means times of
///   the day. Those that clocks jump over are made up for once, at the end of the gap; those that
///   come twice fire the first time only.
/// - One that fits every hour (`*/15 * * * *`) means a rhythm: it fires whenever the clock shows a
///   fitting time, in both passes of an hour that comes twice, and makes up for nothing.
///
/// Java's own zone rules are used ([ZoneId#getRules]). Immutable.
public final class Cron implements Timetable {
    private final String expression;
    private final ZoneId zone;
    private final CronFields fields;

    private Cron(String expression, ZoneId zone, CronFields fields) {
        this.expression = expression;
        this.zone = zone;
        this.fields = fields;
    }

    /// @throws IllegalArgumentException whose message names the field and says what is wrong; also
    ///   for an expression that no date ever fits, such as the 30th of February
    public static Cron of(String expression, ZoneId zone) {
        CronFields fields = CronParser.parse(expression);
        if (fields.next(LocalDateTime.of(2000, 1, 1, 0, 0)) == null) {
            throw new IllegalArgumentException("never comes: no month has such a day");
        }
        return new Cron(expression.strip(), zone, fields);
    }

    /// The expression as it was written.
    public String expression() {
        return expression;
    }

    public ZoneId zone() {
        return zone;
    }

    /// Looks at the stretches between changes of the clocks one after the other.
    @Override
    public @Nullable Instant next(Instant after) {
        if (!after.isBefore(LAST)) {
            return null;
        }
        ZoneRules rules = zone.getRules();
        Instant stretch = after;
        LocalDateTime from =
                LocalDateTime.ofInstant(after, rules.getOffset(after))
                        .truncatedTo(ChronoUnit.SECONDS)
                        .plusSeconds(1);
        while (!stretch.isAfter(LAST)) {
            ZoneOffsetTransition end = rules.nextTransition(stretch);
            LocalDateTime local = fields.next(afterSecondPass(rules, stretch, from));
            if (local == null) {
                return null;
            }
            if (end == null || local.isBefore(end.getDateTimeBefore())) {
                return upToLast(local.toInstant(rules.getOffset(stretch)));
            }
            if (!fields.everyHour() && local.isBefore(end.getDateTimeAfter())) {
                return upToLast(end.getInstant());
            }
            stretch = end.getInstant();
            from = end.getDateTimeAfter();
        }
        return null;
    }

    /// What follows an hour's second pass, if times of the day are meant and `from` lies in one.
    private LocalDateTime afterSecondPass(ZoneRules rules, Instant stretch, LocalDateTime from) {
        if (fields.everyHour()) {
            return from;
        }
        ZoneOffsetTransition begin = rules.previousTransition(stretch.plusNanos(1));
        boolean second =
                begin != null && begin.isOverlap() && from.isBefore(begin.getDateTimeBefore());
        return second ? begin.getDateTimeBefore() : from;
    }

    private static @Nullable Instant upToLast(Instant time) {
        return time.isAfter(LAST) ? null : time;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cron that
                && expression.equals(that.expression)
                && zone.equals(that.zone);
    }

    @Override
    public int hashCode() {
        return 31 * expression.hashCode() + zone.hashCode();
    }

    @Override
    public String toString() {
        return expression + " " + zone;
    }
}

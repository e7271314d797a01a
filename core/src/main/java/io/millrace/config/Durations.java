package io.millrace.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;

/// Durations as people write them: `7d`, `12h`, `90s`, `250ms`, `1h30m`, or ISO 8601 such as
/// `PT1H30M`. A day has 24 hours.
public final class Durations {
    private record Unit(String name, Duration length) {}

    /// From long to short.
    private static final List<Unit> UNITS =
            List.of(
                    new Unit("d", Duration.ofDays(1)),
                    new Unit("h", Duration.ofHours(1)),
                    new Unit("m", Duration.ofMinutes(1)),
                    new Unit("s", Duration.ofSeconds(1)),
                    new Unit("ms", Duration.ofMillis(1)),
                    new Unit("us", Duration.ofNanos(1_000)),
                    new Unit("ns", Duration.ofNanos(1)));

    private Durations() {}

    /// @throws IllegalArgumentException whose message says what was expected
    public static Duration parse(String text) {
        try {
            Duration duration = text.startsWith("P") ? Duration.parse(text) : sum(text);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeException | ArithmeticException | NumberFormatException _) {
            // Told below, together with everything else that is no duration.
        }
        throw expected();
    }

    private static Duration sum(String text) {
        Duration sum = Duration.ZERO;
        int unitsUsed = 0;
        int at = 0;
        while (at < text.length()) {
            int digits = end(text, at, true);
            int letters = end(text, digits, false);
            if (digits == at || digits - at > 19 || letters == digits) {
                throw expected();
            }
            int unit = unit(text.substring(digits, letters), unitsUsed);
            long count = Long.parseLong(text, at, digits, 10);
            sum = sum.plus(UNITS.get(unit).length().multipliedBy(count));
            unitsUsed = unit + 1;
            at = letters;
        }
        if (unitsUsed == 0) {
            throw expected();
        }
        return sum;
    }

    private static int end(String text, int from, boolean digits) {
        int at = from;
        while (at < text.length() && (text.charAt(at) >= '0' && text.charAt(at) <= '9') == digits) {
            at++;
        }
        return at;
    }

    /// Units go from long to short, each once.
    private static int unit(String name, int from) {
        for (int i = from; i < UNITS.size(); i++) {
            if (UNITS.get(i).name().equals(name)) {
                return i;
            }
        }
        throw expected();
    }

    private static IllegalArgumentException expected() {
        return new IllegalArgumentException("must be a duration such as 7d, 12h, 30s or 250ms");
    }

    /// The shortest text that reads back to the same duration: `36h`, `7d`, `1500ms`.
    public static String print(Duration duration) {
        for (Unit unit : UNITS) {
            boolean whole =
                    unit.length().compareTo(duration) <= 0
                            && duration.minus(
                                            unit.length()
                                                    .multipliedBy(
                                                            duration.dividedBy(unit.length())))
                                    .isZero();
            if (whole) {
                return duration.dividedBy(unit.length()) + unit.name();
            }
        }
        return "0s";
    }
}

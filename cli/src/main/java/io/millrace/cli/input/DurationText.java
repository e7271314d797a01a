package io.millrace.cli.input;

import io.millrace.cli.process.CommandFailure;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as they are written everywhere: a whole number and its unit, such as `10s`.
public final class DurationText {
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private DurationText() {}

    /// Whether the text has the form of a duration.
    public static boolean fits(String text) {
        return TEXT.matcher(text).matches();
    }

    /// Reads a duration.
    ///
    /// @param option whose value it is
    /// @throws CommandFailure if it is none
    public static Duration parse(String option, String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw CommandFailure.usage(
                    "%s: \"%s\" is no duration such as 500ms, 30s, 5m, 1h or 7d."
                            .formatted(option, text));
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}

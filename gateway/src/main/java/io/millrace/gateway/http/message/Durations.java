package io.millrace.gateway.http.message;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Durations in parameters: a number with its unit, as in `500ms` or `30s`.
public final class Durations {
    private Durations() {}

    /// @param text `null` is no time
    /// @throws MillraceException REQUEST_INVALID
    public static Duration parse(@Nullable String text, String field, Duration max) {
        if (text == null) {
            return Duration.ZERO;
        }
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        if (digits > 0 && digits < 10) {
            long number = Long.parseLong(text.substring(0, digits));
            Duration duration =
                    switch (text.substring(digits)) {
                        case "ms" -> Duration.ofMillis(number);
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        default -> null;
                    };
            if (duration != null && duration.compareTo(max) <= 0) {
                return duration;
            }
        }
        throw new MillraceException(
                ErrorCode.REQUEST_INVALID,
                field,
                "must be a number with its unit, as in 500ms or 30s, at most %ds"
                        .formatted(max.toSeconds()));
    }
}

package io.millrace.gateway.http.message;

import io.millrace.config.Durations;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.event.PercentEncoding;
import io.millrace.event.Timestamp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parameters of a request. Immutable.
public final class Query {
    private static final int PARAMETERS_MAX = 1_000;

    private final Map<String, List<String>> values;

    private Query(Map<String, List<String>> values) {
        this.values = values;
    }

    /// @param known parameters that the endpoint has; a misspelt one is an error, not ignored
    /// @throws MillraceException REQUEST_INVALID with everything that is wrong
    public static Query parse(String text, List<String> known) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        if (!text.isEmpty()) {
            String[] pairs = text.split("&", PARAMETERS_MAX + 1);
            if (pairs.length > PARAMETERS_MAX) {
                throw new MillraceException(ErrorCode.REQUEST_INVALID, "the query is too long");
            }
            for (String pair : pairs) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                if (known.contains(name)) {
                    values.computeIfAbsent(name, _ -> new ArrayList<>(1)).add(value);
                } else if (!pair.isEmpty()) {
                    problems.add(unknown(name, known));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new MillraceException(problems);
        }
        return new Query(values);
    }

    private static Problem unknown(String name, List<String> known) {
        String shown = name.length() <= 64 ? name : name.substring(0, 64) + "…";
        String hint =
                known.isEmpty()
                        ? "there are no parameters here"
                        : "the parameters here are " + String.join(", ", known);
        return new Problem(ErrorCode.REQUEST_INVALID, shown, "is not known; " + hint);
    }

    private static String decode(String text) {
        return PercentEncoding.decode(text.replace('+', ' '), "query");
    }

    /// The value of a parameter that may be there once.
    public @Nullable String one(String name) {
        List<String> all = all(name);
        if (all.size() > 1) {
            throw new MillraceException(ErrorCode.REQUEST_INVALID, name, "is given twice");
        }
        return all.isEmpty() ? null : all.getFirst();
    }

    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /// A whole number.
    public int number(String name, int min, int max, int otherwise) {
        String text = one(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Falls through.
        }
        throw new MillraceException(
                ErrorCode.REQUEST_INVALID,
                name,
                "must be a whole number from %d to %d".formatted(min, max));
    }

    /// A duration with its unit.
    ///
    /// @return `null` if the parameter is not there
    public @Nullable Duration duration(String name, Duration min, Duration max) {
        String text = one(name);
        if (text == null) {
            return null;
        }
        try {
            Duration duration = Durations.parse(text);
            if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new MillraceException(ErrorCode.REQUEST_INVALID, name, expected(min, max));
    }

    /// What a duration that is wrong should have been.
    static String expected(Duration min, Duration max) {
        String least = min.isZero() ? "" : "at least %s and ".formatted(Durations.print(min));
        return "must be a duration such as 500ms or 30s, %sat most %s"
                .formatted(least, Durations.print(max));
    }

    /// A moment as RFC 3339 has it; a `+` in it may have arrived as a space.
    ///
    /// @return milliseconds since 1970; `null` if the parameter is not there
    public @Nullable Long time(String name) {
        String text = one(name);
        return text == null ? null : millis(name, text.replace(' ', '+'));
    }

    /// @throws MillraceException REQUEST_INVALID naming `field`
    public static long millis(String field, String text) {
        try {
            return Timestamp.parse(field, text).instant().toEpochMilli();
        } catch (MillraceException e) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID, field, e.problems().getFirst().detail());
        }
    }
}

package io.millrace.query.sql;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What Flink says of a statement, in our words and with the place in the statement.
public final class StatementProblems {
    private static final Pattern PLACE = Pattern.compile("line (\\d+), column (\\d+)");
    private static final Pattern FROM_TO =
            Pattern.compile("From line (\\d+), column (\\d+) to line \\d+, column \\d+: ");

    /// Often a word that SQL keeps for itself, such as `value` or `floor`.
    private static final Pattern UNEXPECTED =
            Pattern.compile("^Encountered \"([A-Za-z_]\\w*)\" at line");

    private StatementProblems() {}

    /// As the answer to whoever asked.
    public static MillraceException of(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof MillraceException known) {
                return known;
            }
        }
        String text = text(problem);
        if (text.contains("table.exec.emit.")) {
            return notCorrectable();
        }
        if (text.contains("no row time attribute can be found")) {
            text =
                    "a view that a query fills keeps no history, so it cannot be joined as of event_time:"
                            + " look it up FOR SYSTEM_TIME AS OF proc_time, or let the query publish its"
                            + " results to a context, and make a view of that";
        } else if (text.contains("__TEMPORAL_JOIN_CONDITION")
                || text.contains("FOR SYSTEM_TIME AS OF")) {
            text =
                    "a view is joined FOR SYSTEM_TIME AS OF the other table's event_time or proc_time,"
                            + " by its view_key: "
                            + text;
        } else if (text.contains("time attribute")) {
            text = "windows, and joins over time, go by event_time, not by another column: " + text;
        }
        return new MillraceException(ErrorCode.QUERY_INVALID, "sql", text);
    }

    static MillraceException notCorrectable() {
        return new MillraceException(
                ErrorCode.QUERY_INVALID,
                "eventTime.lateness",
                "does not go with windows of table functions, whose results are final: write GROUP BY"
                        + " TUMBLE(event_time, …) instead, or leave lateness out");
    }

    /// The sentence that says what is wrong, with line and column if they are known.
    public static String text(Throwable problem) {
        String best = null;
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message == null || message.isBlank()) {
                continue;
            }
            // The innermost is the plainest, unless only an outer one knows the place.
            if (best == null || PLACE.matcher(message).find() || !PLACE.matcher(best).find()) {
                best = message;
            }
        }
        return best == null ? problem.toString() : clean(best);
    }

    private static String clean(String message) {
        Matcher matcher = FROM_TO.matcher(message);
        String text =
                matcher.find()
                        ? "line %s, column %s: %s"
                                .formatted(
                                        matcher.group(1),
                                        matcher.group(2),
                                        message.substring(matcher.end()))
                        : message;
        text = text.replace("SQL parse failed. ", "").replace("SQL validation failed. ", "");
        text = text.replace("'millrace.default.", "'").strip();
        int expected = text.indexOf("\nWas expecting");
        if (expected > 0) {
            text = text.substring(0, expected);
        }
        Matcher word = UNEXPECTED.matcher(text);
        if (word.find()) {
            text =
                    "%s If %s is to be a name, it has to stand in backquotes: `%2$s`"
                            .formatted(text.endsWith(".") ? text : text + ".", word.group(1));
        }
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }
}

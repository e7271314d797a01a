package io.millrace.resource;

import io.millrace.error.MillraceException;
import io.millrace.event.Timestamp;
import java.time.Instant;
import java.util.regex.Pattern;

/// Where a new subscription begins.
public sealed interface StartPoint {
    /// At the oldest event that is retained.
    record Earliest() implements StartPoint {}

    /// Behind the newest event: only what comes.
    record Latest() implements StartPoint {}

    /// At the first event recorded at or after a moment.
    record Since(Instant moment) implements StartPoint {}

    /// Where a reader stopped.
    ///
    /// @param text a position as readers and tails give it, such as `events.1:12.40.7.9`
    record Position(String text) implements StartPoint {}

    int POSITION_LENGTH_MAX = 8192;

    /// A name and perhaps an incarnation.
    Pattern STREAM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}(\\.[0-9]{1,9})?");

    /// An offset, or `-` for a partition that is not covered.
    Pattern NUMBER = Pattern.compile("-|[0-9]{1,18}");

    /// @throws IllegalArgumentException whose message says what was expected
    static StartPoint parse(String text) {
        return switch (text) {
            case "earliest" -> new Earliest();
            case "latest" -> new Latest();
            default -> isPosition(text) ? new Position(text) : new Since(moment(text));
        };
    }

    /// Only the form is looked at: whether there is such a stream is seen when it is used.
    private static boolean isPosition(String text) {
        if (text.length() > POSITION_LENGTH_MAX) {
            return false;
        }
        for (String part : text.split(";", -1)) {
            int colon = part.indexOf(':');
            if (colon < 1 || !STREAM.matcher(part.substring(0, colon)).matches()) {
                return false;
            }
            for (String number : part.substring(colon + 1).split("\\.", -1)) {
                if (!NUMBER.matcher(number).matches()) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Instant moment(String text) {
        try {
            return Timestamp.parse("start", text).instant();
        } catch (MillraceException _) {
            throw new IllegalArgumentException(
                    "must be earliest, latest, a time such as 2026-03-01T12:00:00Z,"
                            + " or a position that a reader was given");
        }
    }

    /// As it stands in a document.
    default String print() {
        return switch (this) {
            case Earliest() -> "earliest";
            case Latest() -> "latest";
            case Since(Instant moment) -> moment.toString();
            case Position(String text) -> text;
        };
    }
}

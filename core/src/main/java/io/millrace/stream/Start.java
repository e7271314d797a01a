package io.millrace.stream;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/// Where reading begins.
public sealed interface Start {
    /// At the oldest event that is retained.
    record First() implements Start {}

    /// At the newest event of each partition.
    record Last() implements Start {}

    /// Behind the newest event: only what comes.
    record Next() implements Start {}

    /// At an offset of the one partition that is read.
    record At(long offset) implements Start {}

    /// At the first event recorded at or after a moment.
    record Since(Instant moment) implements Start {}

    /// Where an earlier reader stopped.
    record Resume(Position position) implements Start {}

    /// Reads the text of a `from` parameter.
    ///
    /// @throws MillraceException with REQUEST_INVALID naming `from`
    static Start parse(String text) {
        return switch (text) {
            case "first" -> new First();
            case "last" -> new Last();
            case "next" -> new Next();
            default -> parseOther(text);
        };
    }

    /// Whether it has the colons of a time. A position cannot have them both, whatever its streams
    /// are called: between two of its colons are a digit, a semicolon and a name.
    private static boolean isTime(String text) {
        return text.length() > 16
                && (text.charAt(10) == 'T' || text.charAt(10) == 't')
                && text.charAt(13) == ':'
                && text.charAt(16) == ':';
    }

    private static Start parseOther(String text) {
        try {
            if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return new At(Long.parseLong(text));
            }
            if (isTime(text)) {
                return new Since(OffsetDateTime.parse(text).toInstant());
            }
            if (text.indexOf(':') > 0) {
                return new Resume(Position.parse(text));
            }
        } catch (NumberFormatException | DateTimeException _) {
            // Falls through to the one message that names everything allowed.
        }
        throw new MillraceException(
                ErrorCode.REQUEST_INVALID,
                "from",
                "must be first, last, next, an offset, a time such as 2026-03-01T12:00:00Z, or a position of an earlier"
                        + " answer");
    }
}

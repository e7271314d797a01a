package io.millrace.event;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;

/// A point in time exactly as it was written: RFC 3339 with all its sub-second digits and its
/// offset.
///
/// Two timestamps are equal when their text is equal; compare [#instant] to compare moments.
public final class Timestamp {
    private final String text;
    private final Instant instant;

    private Timestamp(String text, Instant instant) {
        this.text = text;
        this.instant = instant;
    }

    /// @throws MillraceException with [ErrorCode#EVENT_INVALID] if the text is no RFC 3339
    ///   date-time
    public static Timestamp parse(String field, String text) {
        try {
            return new Timestamp(text, Rfc3339.parse(text));
        } catch (DateTimeException e) {
            throw new MillraceException(
                    ErrorCode.EVENT_INVALID,
                    field,
                    "must be an RFC 3339 date-time such as 2026-03-01T12:00:00.5Z, but is \"%s\""
                            .formatted(Quoted.shortened(text)));
        }
    }

    /// @throws DateTimeException for a year that RFC 3339 cannot write: before 0 or after 9999
    public static Timestamp of(Instant instant) {
        if (instant.isBefore(Rfc3339.FIRST) || instant.isAfter(Rfc3339.LAST)) {
            throw new DateTimeException(
                    instant + " cannot be written: its year has no four digits");
        }
        return new Timestamp(instant.toString(), instant);
    }

    /// @throws DateTimeException for a year outside 0 to 9999 or an offset with seconds, which RFC
    ///   3339 cannot write
    public static Timestamp of(OffsetDateTime time) {
        String text = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
        return new Timestamp(text, Rfc3339.parse(text));
    }

    /// The text as it was written.
    public String text() {
        return text;
    }

    /// The moment, to the nanosecond; further digits are cut off here and kept in [#text].
    public Instant instant() {
        return instant;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Timestamp that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}

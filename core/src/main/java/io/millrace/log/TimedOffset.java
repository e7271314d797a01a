package io.millrace.log;

/// A record's place.
///
/// @param offset -1 if there is none
/// @param timestampMillis the record's time in milliseconds since 1970; -1 if there is none
public record TimedOffset(long offset, long timestampMillis) {
    public static final TimedOffset NONE = new TimedOffset(-1, -1);

    public boolean isFound() {
        return offset >= 0;
    }
}

package io.millrace.cursor;

import org.jspecify.annotations.Nullable;

/// Proves that somebody was given an offset, and by which delivery. A later delivery makes it
/// stale.
///
/// @param number of the delivery
public record LeaseToken(int partition, long offset, long number) {
    private static final int LENGTH_MAX = 40;

    /// @return `null` if the text is no token
    public static @Nullable LeaseToken parse(String text) {
        return parse(text, 0);
    }

    /// Reads a token that goes to the end of the text.
    ///
    /// @return `null` if there is none
    public static @Nullable LeaseToken parse(String text, int from) {
        int first = text.indexOf('-', from);
        int second = text.indexOf('-', first + 1);
        if (first < 0 || second < 0) {
            return null;
        }
        long partition = TokenDigits.read(text, from, first, Integer.MAX_VALUE);
        long offset = TokenDigits.read(text, first + 1, second, Long.MAX_VALUE);
        long number = TokenDigits.read(text, second + 1, text.length(), Long.MAX_VALUE);
        return partition < 0 || offset < 0 || number < 0
                ? null
                : new LeaseToken((int) partition, offset, number);
    }

    /// Writes it as [#parse] reads it.
    public void writeTo(StringBuilder out) {
        TokenDigits.write(out, partition);
        TokenDigits.write(out.append('-'), offset);
        TokenDigits.write(out.append('-'), number);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(LENGTH_MAX);
        writeTo(text);
        return text.toString();
    }
}

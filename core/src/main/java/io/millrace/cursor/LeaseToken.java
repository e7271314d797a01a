package io.millrace.cursor;

import org.jspecify.annotations.Nullable;

/// Proves that somebody was given an offset, and by which delivery. A later delivery makes it
/// stale.
///
/// @param number of the delivery
public record LeaseToken(int partition, long offset, long number) {
    private static final int RADIX = 36;

    /// @return `null` if the text is no token
    public static @Nullable LeaseToken parse(String text) {
        String[] parts = text.split("-", -1);
        if (parts.length != 3 || text.length() > 40) {
            return null;
        }
        try {
            LeaseToken token =
                    new LeaseToken(
                            Integer.parseInt(parts[0], RADIX),
                            Long.parseLong(parts[1], RADIX),
                            Long.parseLong(parts[2], RADIX));
            return token.toString().equals(text) && token.isPossible() ? token : null;
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private boolean isPossible() {
        return partition >= 0 && offset >= 0 && number >= 0;
    }

    @Override
    public String toString() {
        return Integer.toString(partition, RADIX)
                + "-"
                + Long.toString(offset, RADIX)
                + "-"
                + Long.toString(number, RADIX);
    }
}

package io.millrace.group;

import io.millrace.cursor.LeaseToken;
import org.jspecify.annotations.Nullable;

/// The token of a lease as consumers have it: the group, the stream's incarnation and the cursor's
/// own. Without the group, what one subscription gave would settle the same event of another one.
record GroupToken(int group, int stream, LeaseToken lease) {
    private static final int RADIX = 36;

    /// Longer than every token.
    private static final int LENGTH_MAX = 60;

    /// @return `null` if the text is no token
    static @Nullable GroupToken parse(String text) {
        String[] parts = text.length() > LENGTH_MAX ? new String[0] : text.split("-", 3);
        LeaseToken lease = parts.length < 3 ? null : LeaseToken.parse(parts[2]);
        if (lease == null) {
            return null;
        }
        try {
            GroupToken token = new GroupToken(number(parts[0]), number(parts[1]), lease);
            return token.toString().equals(text) ? token : null;
        } catch (NumberFormatException _) {
            return null;
        }
    }

    private static int number(String text) {
        return Integer.parseInt(text, RADIX);
    }

    @Override
    public String toString() {
        return Integer.toString(group, RADIX) + "-" + Integer.toString(stream, RADIX) + "-" + lease;
    }
}

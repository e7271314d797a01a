package io.millrace.group;

import io.millrace.cursor.LeaseToken;
import org.jspecify.annotations.Nullable;

/// The token of a lease as consumers have it: the stream's incarnation and the cursor's own.
record GroupToken(int stream, LeaseToken lease) {
    private static final int RADIX = 36;

    /// @return `null` if the text is no token
    static @Nullable GroupToken parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 1 || dash > 7) {
            return null;
        }
        LeaseToken lease = LeaseToken.parse(text.substring(dash + 1));
        try {
            int stream = Integer.parseInt(text.substring(0, dash), RADIX);
            GroupToken token = lease == null ? null : new GroupToken(stream, lease);
            return token != null && token.toString().equals(text) ? token : null;
        } catch (NumberFormatException _) {
            return null;
        }
    }

    @Override
    public String toString() {
        return Integer.toString(stream, RADIX) + "-" + lease;
    }
}

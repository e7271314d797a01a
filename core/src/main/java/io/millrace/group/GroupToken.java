package io.millrace.group;

import io.millrace.cursor.LeaseToken;
import io.millrace.cursor.TokenDigits;
import org.jspecify.annotations.Nullable;

/// The token of a lease as consumers have it: the stream's incarnation and the cursor's own.
record GroupToken(int stream, LeaseToken lease) {
    private static final int LENGTH_MAX = 48;

    /// @return `null` if the text is no token
    static @Nullable GroupToken parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            return null;
        }
        long stream = TokenDigits.read(text, 0, dash, Integer.MAX_VALUE);
        LeaseToken lease = LeaseToken.parse(text, dash + 1);
        return stream < 0 || lease == null ? null : new GroupToken((int) stream, lease);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(LENGTH_MAX);
        TokenDigits.write(text, stream);
        lease.writeTo(text.append('-'));
        return text.toString();
    }
}

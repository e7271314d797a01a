package io.millrace.group;

import io.millrace.cursor.LeaseToken;
import io.millrace.cursor.TokenDigits;
import org.jspecify.annotations.Nullable;

/// The token of a lease as consumers have it: the group, the stream's incarnation and the cursor's
/// own. Without the group, what one subscription gave would settle the same event of another one.
record GroupToken(int group, int stream, LeaseToken lease) {
    /// Longer than every token.
    private static final int LENGTH_MAX = 60;

    /// @return `null` if the text is no token
    static @Nullable GroupToken parse(String text) {
        int first = text.indexOf('-');
        int second = first < 0 ? -1 : text.indexOf('-', first + 1);
        if (second < 0 || text.length() > LENGTH_MAX) {
            return null;
        }
        long group = TokenDigits.read(text, 0, first, Integer.MAX_VALUE);
        long stream = TokenDigits.read(text, first + 1, second, Integer.MAX_VALUE);
        LeaseToken lease = LeaseToken.parse(text, second + 1);
        return group < 0 || stream < 0 || lease == null
                ? null
                : new GroupToken((int) group, (int) stream, lease);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(LENGTH_MAX);
        TokenDigits.write(text, group);
        TokenDigits.write(text.append('-'), stream);
        lease.writeTo(text.append('-'));
        return text.toString();
    }
}

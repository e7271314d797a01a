package io.millrace.event.filter.cesql;

import java.util.Arrays;

/// A prepared pattern of LIKE (CESQL, section 3.4.3): `%` for any run of characters, `_` for one, a
/// backslash before either for itself.
///
/// Matching goes back to the last `%` only, so that it takes at most length times length steps and
/// no stack.
final class LikePattern {
    private static final int ANY_RUN = -1;
    private static final int ANY_ONE = -2;

    private final String text;
    private final int[] steps;

    LikePattern(String text) {
        this.text = text;
        int[] prepared = new int[text.length()];
        int count = 0;
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            boolean escape =
                    c == '\\'
                            && at < text.length()
                            && (text.charAt(at) == '%' || text.charAt(at) == '_');
            if (escape) {
                prepared[count++] = text.charAt(at++);
            } else if (c == '_') {
                prepared[count++] = ANY_ONE;
            } else if (c != '%') {
                prepared[count++] = c;
            } else if (count == 0 || prepared[count - 1] != ANY_RUN) {
                prepared[count++] = ANY_RUN;
            }
        }
        steps = Arrays.copyOf(prepared, count);
    }

    /// Whether the whole text is as the pattern says; characters are Unicode code points.
    boolean matches(String candidate) {
        int at = 0;
        int step = 0;
        int runStep = -1;
        int runAt = 0;
        while (at < candidate.length()) {
            int c = candidate.codePointAt(at);
            if (step < steps.length && steps[step] == ANY_RUN) {
                runStep = ++step;
                runAt = at;
            } else if (step < steps.length && (steps[step] == ANY_ONE || steps[step] == c)) {
                step++;
                at += Character.charCount(c);
            } else if (runStep >= 0) {
                runAt += Character.charCount(candidate.codePointAt(runAt));
                at = runAt;
                step = runStep;
            } else {
                return false;
            }
            if (runStep == steps.length) {
                return true;
            }
        }
        while (step < steps.length && steps[step] == ANY_RUN) {
            step++;
        }
        return step == steps.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LikePattern that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /// The pattern as it was written.
    @Override
    public String toString() {
        return text;
    }
}

package io.millrace.gateway.kafka.group.consumer;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.protocol.Errors;

/// A regular expression that topics are subscribed by. It is to match the whole name.
///
/// The syntax is Java's, of which RE2's is a part but for the group names (`(?P<name>…)`) and
/// Unicode classes of one letter without braces that are rarely seen. As such an expression can
/// take exponential time, its work is counted: what takes too much is refused.
final class TopicPattern {
    private static final int LENGTH_MAX = 1024;
    private static final int STEPS_MAX = 100_000;

    private final Pattern pattern;

    private TopicPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /// @throws org.apache.kafka.common.errors.InvalidRegularExpression if it is none, is too long,
    ///   or takes too long
    static TopicPattern of(String expression) {
        if (expression.length() > LENGTH_MAX) {
            throw refused("is longer than %d characters".formatted(LENGTH_MAX), expression);
        }
        try {
            TopicPattern made = new TopicPattern(Pattern.compile(expression));
            made.matches("a".repeat(249));
            return made;
        } catch (PatternSyntaxException e) {
            throw refused("is none: " + e.getDescription(), expression);
        } catch (StackOverflowError _) {
            throw refused("is nested too deep", expression);
        }
    }

    private static RuntimeException refused(String why, String expression) {
        String shown = expression.substring(0, Math.min(100, expression.length()));
        return Errors.INVALID_REGULAR_EXPRESSION.exception(
                "the regular expression %s %s".formatted(shown, why));
    }

    /// @throws org.apache.kafka.common.errors.InvalidRegularExpression if that takes too long
    boolean matches(String name) {
        return pattern.matcher(new Counted(name, new int[] {STEPS_MAX})).matches();
    }

    /// A text that lets itself be read only so often.
    private record Counted(String text, int[] left) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (--left[0] < 0) {
                throw refused("takes too long", text);
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Counted(text.substring(start, end), left);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}

package io.millrace.gateway.mqtt.message;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.event.Quoted;
import org.jspecify.annotations.Nullable;

/// A topic filter (MQTT 5.0, sections 4.7 and 4.8.2) and the context pattern that it is: `+` is
/// `*`, a last `#` is `**`. Immutable.
///
/// A filter that begins with a wildcard does not cover topics that begin with `$`, which a pattern
/// knows nothing of: ask [#covers] after the pattern has matched.
public final class TopicFilter {
    private static final String SHARE = "$share/";
    private static final String FIELD = "topic filter";

    private final String text;
    private final @Nullable String share;
    private final ContextPattern pattern;
    private final boolean isOpen;

    private TopicFilter(String text, @Nullable String share, String filter) {
        this.text = text;
        this.share = share;
        this.pattern = pattern(filter);
        this.isOpen = filter.charAt(0) == '+' || filter.charAt(0) == '#';
    }

    /// @param text a filter, or `$share/NAME/FILTER`
    /// @throws MillraceException PATTERN_INVALID
    public static TopicFilter of(String text) {
        if (!text.startsWith(SHARE)) {
            return new TopicFilter(text, null, text);
        }
        int slash = text.indexOf('/', SHARE.length());
        if (slash < 0) {
            throw wrong(
                    text, "has no filter behind the name of the share, as in $share/NAME/FILTER");
        }
        String share = text.substring(SHARE.length(), slash);
        if (share.isEmpty()) {
            throw wrong(text, "names no share, as in $share/NAME/FILTER");
        }
        for (int i = 0; i < share.length(); i++) {
            char c = share.charAt(i);
            if (c == '+' || c == '#' || Character.isISOControl(c)) {
                throw wrong(
                        text, "has the character U+%04X in the share's name".formatted((int) c));
            }
        }
        return new TopicFilter(text, share, text.substring(slash + 1));
    }

    private static ContextPattern pattern(String filter) {
        int length = filter.length();
        if (length == 0) {
            throw wrong(filter, "has no character; a topic filter has at least one");
        }
        StringBuilder pattern = new StringBuilder(length + 2);
        for (int from = 0; from <= length; ) {
            int slash = filter.indexOf('/', from);
            int to = slash < 0 ? length : slash;
            pattern.append('/');
            level(filter, from, to, pattern);
            from = to + 1;
        }
        return ContextPattern.of(pattern.toString());
    }

    private static void level(String filter, int from, int to, StringBuilder pattern) {
        if (to - from == 1 && filter.charAt(from) == '+') {
            pattern.append('*');
            return;
        }
        if (to - from == 1 && filter.charAt(from) == '#') {
            if (to != filter.length()) {
                throw wrong(filter, "has # before its last level");
            }
            pattern.append("**");
            return;
        }
        for (int i = from; i < to; i++) {
            char c = filter.charAt(i);
            if (c == '+' || c == '#') {
                throw wrong(
                        filter, "has %c inside a level; it stands alone in its own".formatted(c));
            }
            if (c == '*') {
                throw wrong(filter, "has the character *, which no topic has here");
            }
        }
        pattern.append(filter, from, to);
    }

    /// The filter as it was written, with the share.
    public String text() {
        return text;
    }

    /// The name of the share; `null` if the subscription is not shared.
    public @Nullable String share() {
        return share;
    }

    /// The contexts that it covers, and those that begin with `/$` besides.
    public ContextPattern pattern() {
        return pattern;
    }

    /// Whether it begins with a wildcard, so that topics which begin with `$` are not meant.
    public boolean isOpen() {
        return isOpen;
    }

    /// Whether it covers a context that its pattern is known to match.
    public boolean covers(Context context) {
        return !isOpen || !context.path().startsWith("/$");
    }

    /// Whether it covers a topic.
    public boolean matches(String topic) {
        Context context = TopicName.context(topic);
        return covers(context) && pattern.matches(context);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicFilter that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    private static MillraceException wrong(String filter, String detail) {
        return new MillraceException(
                ErrorCode.PATTERN_INVALID,
                FIELD,
                "\"%s\" %s".formatted(Quoted.shortened(filter), detail));
    }
}

package io.millrace.event.transform;

import com.dashjoin.jsonata.Jsonata.JFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A regular expression as a value: what `$match` and its like take, and a function from a text to
/// its first match, whose `next` gives the one after. All that it looks at is counted. Owned by the
/// run's thread.
final class Regex extends JFunction {
    private final Pattern pattern;
    private final RunLimits limits;

    Regex(Pattern pattern, RunLimits limits) {
        super((_, args) -> called(pattern, limits, args), "<x:o>");
        this.pattern = pattern;
        this.limits = limits;
    }

    /// Over text that is watched.
    Matcher matcher(String text) {
        return matcher(pattern, limits, text);
    }

    static Matcher matcher(Pattern pattern, RunLimits limits, String text) {
        return pattern.matcher(new WatchedText(text, limits));
    }

    private static @Nullable Object called(Pattern pattern, RunLimits limits, List<?> args) {
        return !args.isEmpty() && args.getFirst() instanceof String text
                ? next(matcher(pattern, limits, text))
                : null;
    }

    private static @Nullable Object next(Matcher matcher) {
        if (!matcher.find()) {
            return null;
        }
        Map<String, Object> match = match(matcher);
        match.put("next", new JFunction((_, _) -> next(matcher), "<:o>"));
        return match;
    }

    /// What a function gets that is given to `$replace`.
    static Map<String, Object> match(Matcher matcher) {
        Map<String, Object> match = new LinkedHashMap<>();
        match.put("match", matcher.group());
        match.put("start", matcher.start());
        match.put("end", matcher.end());
        match.put("groups", groups(matcher));
        return match;
    }

    static List<Object> groups(MatchResult match) {
        List<Object> groups = new ArrayList<>();
        for (int i = 1; i <= match.groupCount(); i++) {
            groups.add(match.group(i) == null ? "" : match.group(i));
        }
        return groups;
    }
}

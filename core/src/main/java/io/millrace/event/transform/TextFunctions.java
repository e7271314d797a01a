package io.millrace.event.transform;

import com.dashjoin.jsonata.Functions;
import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Jsonata.JFunction;
import com.dashjoin.jsonata.Utils;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Functions that take the place of the library's: those whose result can be much larger than what
/// they are given, and those that match regular expressions, which here give up after a bounded
/// number of characters looked at. Functions whose result changes from run to run are refused, for
/// an event that is delivered again has to become the same event. Owned by the run's thread.
final class TextFunctions {
    private static final List<String> CHANGING =
            List.of("now", "millis", "random", "shuffle", "eval");

    /// What a match without groups weighs with the names of its parts.
    private static final int MATCH_WEIGHT = 24;

    private final RunLimits limits;

    TextFunctions(RunLimits limits) {
        this.limits = limits;
    }

    void bindTo(Jsonata.Frame frame) {
        for (String name : CHANGING) {
            frame.bind(name, new JFunction((_, _) -> refused(name), null));
        }
        frame.bind("pad", new JFunction((_, args) -> pad(args), "<s-ns?:s>"));
        frame.bind("join", new JFunction((_, args) -> join(args), "<a<s>s?:s>"));
        frame.bind("contains", new JFunction((_, args) -> contains(args), "<s-(sf):b>"));
        frame.bind("match", new JFunction((_, args) -> match(args), "<s-f<s:o>n?:a<o>>"));
        frame.bind("split", new JFunction((_, args) -> split(args), "<s-(sf)n?:a<s>>"));
        frame.bind("string", new JFunction((_, args) -> string(args), "<x-b?:s>"));
        frame.bind("append", new JFunction((_, args) -> append(args), "<xx:a>"));
        frame.bind("replace", new JFunction((_, args) -> replace(args), "<s-(sf)(sf)n?:s>"));
    }

    private static Object refused(String name) {
        String reason =
                name.equals("eval")
                        ? "because the expression is checked before it runs"
                        : "because an event that is delivered again must become the same event";
        throw new OutOfBounds("$" + name + " cannot be used here, " + reason);
    }

    private @Nullable Object pad(List<?> args) {
        if (!(argument(args, 0) instanceof String text)) {
            return null;
        }
        long width = number(args, 1, 0);
        String fill = argument(args, 2) instanceof String given && !given.isEmpty() ? given : " ";
        long missing = Math.abs(width) - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        limits.demandRoom(missing + text.length());
        int[] points = fill.codePoints().toArray();
        StringBuilder padding = new StringBuilder();
        for (int i = 0; i < missing; i++) {
            padding.appendCodePoint(points[i % points.length]);
        }
        return width < 0 ? padding + text : text + padding;
    }

    private @Nullable Object join(List<?> args) {
        if (!(argument(args, 0) instanceof List<?> texts)) {
            return argument(args, 0);
        }
        String separator = argument(args, 1) instanceof String given ? given : "";
        long length = (long) separator.length() * texts.size();
        List<String> parts = new ArrayList<>();
        for (Object text : texts) {
            String part = String.valueOf(text);
            length += part.length();
            limits.demandRoom(length);
            parts.add(part);
        }
        return String.join(separator, parts);
    }

    private @Nullable Object string(List<?> args) {
        boolean indented = argument(args, 1) instanceof Boolean wanted && wanted;
        if (indented) {
            limits.demandRoom(indentation(argument(args, 0), 0));
        }
        return Functions.string(argument(args, 0), indented);
    }

    /// How many characters stand before the values of an indented text, at two a level.
    private long indentation(@Nullable Object value, int level) {
        Collection<?> parts =
                switch (value) {
                    case List<?> list -> list;
                    case Map<?, ?> map -> map.values();
                    case null, default -> List.of();
                };
        long sum = 2L * level;
        for (Object part : parts) {
            sum += indentation(part, level + 1);
            limits.demandRoom(sum);
        }
        return sum;
    }

    /// Counts what it copies: `$reduce` with it copies all for each value, in one step.
    private @Nullable Object append(List<?> args) {
        for (Object arg : args) {
            if (arg instanceof List<?> list) {
                limits.pass(list.size());
            }
        }
        return Functions.append(argument(args, 0), argument(args, 1));
    }

    private @Nullable Object contains(List<?> args) {
        if (!(argument(args, 0) instanceof String text)) {
            return null;
        }
        return switch (argument(args, 1)) {
            case String part -> text.contains(part);
            case Regex regex -> regex.matcher(text).find();
            case null, default -> throw noPattern("contains");
        };
    }

    private @Nullable Object match(List<?> args) {
        if (!(argument(args, 0) instanceof String text)) {
            return null;
        }
        if (!(argument(args, 1) instanceof Regex regex)) {
            throw noPattern("match");
        }
        long max = number(args, 2, Long.MAX_VALUE);
        List<Object> matches = Utils.createSequence();
        Matcher matcher = regex.matcher(text);
        long room = 0;
        while (matches.size() < max && matcher.find()) {
            Map<String, Object> match = new LinkedHashMap<>();
            match.put("match", matcher.group());
            match.put("index", matcher.start());
            match.put("groups", Regex.groups(matcher));
            matches.add(match);
            room += MATCH_WEIGHT + matcher.groupCount();
            limits.demandRoom(room);
        }
        return matches;
    }

    private @Nullable Object split(List<?> args) {
        if (!(argument(args, 0) instanceof String text)) {
            return null;
        }
        long max = number(args, 2, Long.MAX_VALUE);
        List<String> parts = new ArrayList<>();
        switch (argument(args, 1)) {
            case String separator when separator.isEmpty() ->
                    text.chars().forEach(c -> parts.add(Character.toString(c)));
            case String separator ->
                    parts.addAll(List.of(text.split(Pattern.quote(separator), -1)));
            case Regex regex -> {
                Matcher matcher = regex.matcher(text);
                int from = 0;
                while (matcher.find()) {
                    if (matcher.end() > 0) {
                        parts.add(text.substring(from, matcher.start()));
                        from = matcher.end();
                    }
                }
                parts.add(text.substring(from));
            }
            case null, default -> throw noPattern("split");
        }
        return parts.size() > max ? new ArrayList<>(parts.subList(0, (int) max)) : parts;
    }

    private @Nullable Object replace(List<?> args) throws Throwable {
        if (!(argument(args, 0) instanceof String text)) {
            return null;
        }
        Object replacement = argument(args, 2);
        long max = number(args, 3, Long.MAX_VALUE);
        Matcher matcher =
                switch (argument(args, 1)) {
                    case String part when !part.isEmpty() ->
                            Pattern.compile(part, Pattern.LITERAL).matcher(text);
                    case Regex regex -> regex.matcher(text);
                    case null, default -> throw noPattern("replace");
                };
        boolean literal = argument(args, 1) instanceof String;
        StringBuilder replaced = new StringBuilder();
        int from = 0;
        for (long i = 0; i < max && matcher.find(); i++) {
            replaced.append(text, from, matcher.start());
            replaced.append(literal ? replacement : expanded(matcher, replacement));
            from = matcher.end();
            limits.demandRoom(replaced.length());
        }
        return replaced.append(text, from, text.length()).toString();
    }

    /// A function's answer, or the text with `$1` as the first group, `$0` as the whole match and
    /// `$$` as a dollar sign.
    private Object expanded(Matcher matcher, @Nullable Object replacement) throws Throwable {
        if (!(replacement instanceof String text)) {
            Object answer = Functions.funcApply(replacement, List.of(Regex.match(matcher)));
            if (answer instanceof String) {
                return answer;
            }
            throw new OutOfBounds("the function that $replace is given must answer with text");
        }
        StringBuilder expanded = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
            int group = next - '0';
            if (text.charAt(at) != '$' || (next != '$' && (group < 0 || group > 9))) {
                expanded.append(text.charAt(at++));
                continue;
            }
            if (next == '$') {
                expanded.append('$');
            } else if (group <= matcher.groupCount() && matcher.group(group) != null) {
                expanded.append(matcher.group(group));
            }
            limits.demandRoom(expanded.length());
            at += 2;
        }
        return expanded;
    }

    private static OutOfBounds noPattern(String function) {
        return new OutOfBounds(
                "$" + function + " needs a text that is not empty or a regular expression");
    }

    private static @Nullable Object argument(List<?> args, int index) {
        return index < args.size() ? args.get(index) : null;
    }

    private static long number(List<?> args, int index, long absent) {
        if (!(argument(args, index) instanceof Number number)) {
            return absent;
        }
        if (index > 1 && number.doubleValue() < 0) {
            throw new OutOfBounds("the limit must not be negative");
        }
        return number.longValue();
    }
}

package io.millrace.system;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The output that a document promises. `…` stands for anything within a line, a line of only `…`
/// for any number of lines. A time stands for any time; so do a UUID, how long something took, how
/// fast it was, and a size in bytes. The rest is meant literally. Blanks at the ends of lines do
/// not count.
///
/// @param lines the pattern's lines
public record OutputPattern(List<String> lines) {
    private static final String ANYTHING = "…";
    private static final List<String> KINDS =
            List.of(
                    "\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?(?:Z|[+-]\\d{2}:\\d{2})?",
                    "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
                    "\\d+\\.\\d+s\\b",
                    "\\([\\d,]+ rows/s\\)",
                    "\\d+(?:\\.\\d+)? (?:[KM]i)?B");
    private static final Pattern VARYING = Pattern.compile("(" + String.join(")|(", KINDS) + ")");

    /// @param text the text of the fence
    public static OutputPattern of(String text) {
        return new OutputPattern(text.lines().map(String::stripTrailing).toList());
    }

    /// Says where the output is not what was promised; empty if it is.
    public Optional<String> mismatch(String output) {
        List<String> actual = output.stripTrailing().lines().map(String::stripTrailing).toList();
        return matches(0, actual, 0) ? Optional.empty() : Optional.of(explain(actual));
    }

    private boolean matches(int at, List<String> actual, int from) {
        if (at == lines.size()) {
            return from == actual.size();
        }
        if (isAnyLines(at)) {
            for (int skip = from; skip <= actual.size(); skip++) {
                if (matches(at + 1, actual, skip)) {
                    return true;
                }
            }
            return false;
        }
        return from < actual.size()
                && matchesLine(lines.get(at), actual.get(from))
                && matches(at + 1, actual, from + 1);
    }

    private boolean isAnyLines(int at) {
        return lines.get(at).strip().equals(ANYTHING);
    }

    private static boolean matchesLine(String pattern, String line) {
        StringBuilder regex = new StringBuilder();
        for (String literal : pattern.split(ANYTHING, -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(literalOrKind(literal));
        }
        return Pattern.matches(regex.toString(), line);
    }

    private static String literalOrKind(String text) {
        // The empty quote keeps the whole from being empty, which is how its beginning is told.
        StringBuilder regex = new StringBuilder(Pattern.quote(""));
        int end = 0;
        for (Matcher kind = VARYING.matcher(text); kind.find(); end = kind.end()) {
            regex.append(Pattern.quote(text.substring(end, kind.start())));
            for (int i = 1; i <= KINDS.size(); i++) {
                regex.append(kind.group(i) == null ? "" : KINDS.get(i - 1));
            }
        }
        return regex.append(Pattern.quote(text.substring(end))).toString();
    }

    private String explain(List<String> actual) {
        int same = 0;
        while (same < lines.size()
                && same < actual.size()
                && !isAnyLines(same)
                && matchesLine(lines.get(same), actual.get(same))) {
            same++;
        }
        String expected = same < lines.size() ? lines.get(same) : "the end";
        String found = same < actual.size() ? actual.get(same) : "the end";
        return "line %d: promised: %s%nfound: %s%nthe whole output:%n%s"
                .formatted(same + 1, expected, found, String.join("\n", actual));
    }
}

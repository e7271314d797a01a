package io.millrace.system;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The output that a document promises. `…` stands for anything within a line, a line of only `…`
/// for any number of lines; the rest is meant literally. Blanks at the ends of lines do not count.
///
/// @param lines the pattern's lines
public record OutputPattern(List<String> lines) {
    private static final String ANYTHING = "…";

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
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
        }
        return Pattern.matches(regex.toString(), line);
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

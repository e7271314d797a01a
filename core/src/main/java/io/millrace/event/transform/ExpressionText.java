package io.millrace.event.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A JSONata text as the library gets it, with what it must not see by itself taken out.
///
/// It takes regular expressions out and puts a variable of the same length in the place of each, so
/// that positions in errors stay. The library calls a literal's [Pattern] by itself, on text that
/// nobody watches; a variable can hold a function that is watched.
///
/// A slash begins a regular expression where no operand ends before it, else it divides. In the few
/// places where the library's parser reads it otherwise the text stays as it is, and [RunLimits]
/// refuses the literal when it is evaluated.
///
/// Variables by which the library finds its watches are refused: an expression could set them.
final class ExpressionText {
    private static final String WATCHES = "__evaluate";

    /// Characters of a private use area: nobody's names begin with them.
    private static final char NAMES = '\uE000';

    private static final int NAMES_A_ROW = 64;
    private static final String OPERATORS = ".[]{}(),@#;:?+-*/%|=<>^&!~";
    private static final Set<String> WORD_OPERATORS = Set.of("and", "or", "in");

    private final String text;
    private final StringBuilder left;
    private final List<Pattern> patterns = new ArrayList<>();
    private int at;

    private boolean joins;

    /// Whether what was read last is complete: a name, a literal, or a closing bracket.
    private boolean operand;

    /// @throws OutOfBounds if a regular expression could run without end, or a variable is not to
    ///   be used
    /// @throws java.util.regex.PatternSyntaxException if one is malformed
    ExpressionText(String text) {
        this.text = text;
        this.left = new StringBuilder(text);
        while (at < text.length()) {
            token();
        }
    }

    /// The text with variables for regular expressions.
    String text() {
        return left.toString();
    }

    /// What the variable [#name] of the same number stands for.
    List<Pattern> patterns() {
        return patterns;
    }

    /// Whether it names places of values (`@`, `#`, `%`): the library then makes a map for each
    /// value of a list.
    boolean joins() {
        return joins;
    }

    static String name(int number) {
        return "" + (char) (NAMES + number / NAMES_A_ROW) + (char) (NAMES + number % NAMES_A_ROW);
    }

    private void token() {
        char c = text.charAt(at);
        if (" \t\n\r".indexOf(c) >= 0) {
            at++;
        } else if (text.startsWith("/*", at)) {
            skipPast("*/", at + 2);
        } else if (c == '/' && !operand) {
            literal();
        } else if (c == '"' || c == '\'') {
            skipString(c);
            operand = true;
        } else if (c == '`') {
            skipPast("`", at + 1);
            operand = true;
        } else if (OPERATORS.indexOf(c) >= 0) {
            operator(c);
        } else {
            word();
        }
    }

    private void operator(char c) {
        boolean twoStars = text.startsWith("**", at);
        // Where an operand is wanted, these are one: all children, all below, the parent.
        boolean wildcard = (c == '*' || c == '%') && !operand;
        joins |= c == '@' || c == '#' || (c == '%' && wildcard);
        operand = wildcard || c == ')' || c == ']' || c == '}';
        at += twoStars ? 2 : 1;
    }

    private void word() {
        int from = at;
        while (at < text.length()
                && OPERATORS.indexOf(text.charAt(at)) < 0
                && " \t\n\r".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(from, at);
        if (word.startsWith("$" + WATCHES) || word.startsWith("$" + NAMES)) {
            throw new OutOfBounds("the variable " + word + " is not for use in expressions");
        }
        operand = !(operand && WORD_OPERATORS.contains(word));
    }

    private void skipString(char quote) {
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        at = Math.min(at + 1, text.length());
    }

    private void skipPast(String end, int from) {
        int found = text.indexOf(end, from);
        at = found < 0 ? text.length() : found + end.length();
    }

    private void literal() {
        int from = at + 1;
        Integer closing = closingSlash(from);
        if (closing == null || closing == from) {
            at = text.length(); // the library says what is wrong
            return;
        }
        int flags = 0;
        int after = closing + 1;
        while (after < text.length() && "im".indexOf(text.charAt(after)) >= 0) {
            flags |= text.charAt(after) == 'i' ? Pattern.CASE_INSENSITIVE : Pattern.MULTILINE;
            after++;
        }
        Pattern pattern = Pattern.compile(text.substring(from, closing), flags);
        new RegexShape(pattern.pattern()).demandBounded();
        String variable = "$" + name(patterns.size());
        left.replace(at, after, variable + " ".repeat(after - at - variable.length()));
        patterns.add(pattern);
        at = after;
        operand = true;
    }

    /// One that is not escaped, and not within a class of characters or other brackets.
    private @Nullable Integer closingSlash(int from) {
        int depth = 0;
        boolean classOpen = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (classOpen || c == '[') {
                classOpen = c != ']';
            } else if (c == '/' && depth == 0) {
                return i;
            } else {
                depth += c == '(' || c == '{' ? 1 : c == ')' || c == '}' ? -1 : 0;
            }
        }
        return null;
    }
}

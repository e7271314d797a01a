package io.millrace.event.transform;

/// Refuses regular expressions that could go on without looking at a single character, where
/// [WatchedText] sees nothing: `(?:|)(?:|)(?:|)…` tries two ways at each, `(?:^){1000000}` repeats
/// nothing a million times. Counted are the ways in which parts can match nothing, multiplied over
/// the whole expression, and the steps of lookbehinds; expressions that people write have a few.
///
/// It reads the syntax of [java.util.regex.Pattern], of expressions that have been compiled.
final class RegexShape {
    private static final double WAYS_MAX = 1000;

    /// @param nothing whether it can match without looking at a character; at the end of the text
    ///   nothing is looked at, so optional parts can too
    /// @param ways in which it can do so, at least 1
    private record Part(boolean nothing, double ways) {}

    private final String regex;
    private int at;
    private int lookbehinds;

    RegexShape(String regex) {
        this.regex = regex;
    }

    /// @throws OutOfBounds if there are too many ways
    void demandBounded() {
        Part whole = new Part(true, 1);
        while (at < regex.length()) {
            // A bracket that closes nothing cannot be in what was compiled.
            whole = new Part(true, whole.ways * alternatives().ways);
            at++;
        }
        if (!(whole.ways <= WAYS_MAX)) {
            throw new OutOfBounds(
                    "a regular expression has too many ways to match nothing: it repeats parts, or"
                            + " offers alternatives, that may be empty");
        }
    }

    private static OutOfBounds unreadable(String what) {
        return new OutOfBounds("regular expressions cannot have " + what + " here");
    }

    /// Up to the bracket that closes them, or the end.
    private Part alternatives() {
        Part first = sequence();
        boolean nothing = first.nothing;
        double ways = first.ways;
        int empty = first.nothing ? 1 : 0;
        while (at < regex.length() && regex.charAt(at) == '|') {
            at++;
            Part next = sequence();
            nothing |= next.nothing;
            ways *= next.ways;
            empty += next.nothing ? 1 : 0;
        }
        return new Part(nothing, ways * Math.max(1, empty));
    }

    private Part sequence() {
        boolean nothing = true;
        double ways = 1;
        while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
            Part next = quantified(atom());
            nothing &= next.nothing;
            ways *= next.ways;
        }
        return new Part(nothing, ways);
    }

    private Part atom() {
        char c = regex.charAt(at++);
        return switch (c) {
            case '(' -> group();
            case '[' -> characterClass();
            case '\\' -> escape();
            case '^', '$' -> new Part(true, 1);
            default -> new Part(false, 1);
        };
    }

    private Part group() {
        boolean look = false;
        boolean behind = false;
        if (at < regex.length() && regex.charAt(at) == '?') {
            behind = regex.startsWith("?<=", at) || regex.startsWith("?<!", at);
            look = behind || regex.startsWith("?=", at) || regex.startsWith("?!", at);
            int head = at;
            while (at < regex.length() && ":=!>)".indexOf(regex.charAt(at)) < 0) {
                at++;
            }
            String opening = regex.substring(head, at);
            if (!opening.startsWith("?<") && opening.contains("x")) {
                throw unreadable("comments (the flag x)");
            }
            if (regex.charAt(at) == ')') {
                at++;
                return new Part(true, 1); // flags alone
            }
            at++;
        }
        lookbehinds += behind ? 1 : 0;
        Part inside = alternatives();
        lookbehinds -= behind ? 1 : 0;
        at++;
        return new Part(look || inside.nothing, inside.ways);
    }

    private Part characterClass() {
        int depth = 1;
        int start = regex.startsWith("^", at) ? at + 1 : at;
        if (regex.startsWith("]", start)) {
            throw unreadable("[] (a bracket in a class is written \\])");
        }
        while (depth > 0) {
            char c = regex.charAt(at++);
            if (c == '\\') {
                if (regex.startsWith("Q", at)) {
                    throw unreadable("\\Q in a class");
                }
                at++;
            }
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
        }
        return new Part(false, 1);
    }

    private Part escape() {
        char c = regex.charAt(at++);
        if (c == 'Q') {
            int end = regex.indexOf("\\E", at);
            at = end < 0 ? regex.length() : end + 2;
            return new Part(true, 1); // there may be nothing between
        }
        if (c == 'k') {
            at = regex.indexOf('>', at) + 1;
        }
        // Ends, word bounds, and what a group holds, which may be nothing.
        boolean nothing = "bBAGzZkE".indexOf(c) >= 0 || (c >= '1' && c <= '9');
        return new Part(nothing, 1);
    }

    private Part quantified(Part atom) {
        Part part = atom;
        boolean repeated = false;
        while (at < regex.length() && "?*+{".indexOf(regex.charAt(at)) >= 0) {
            char c = regex.charAt(at++);
            boolean further = c == '?' || c == '+';
            double least = c == '+' ? 1 : 0;
            double most = c == '?' ? 1 : Double.POSITIVE_INFINITY;
            if (c == '{') {
                int end = regex.indexOf('}', at);
                String[] counts =
                        regex.substring(at, end < 0 ? regex.length() : end).split(",", -1);
                if (end < 0 || !counts[0].matches("[0-9]+")) {
                    continue; // the name of a kind of characters
                }
                at = end + 1;
                least = Double.parseDouble(counts[0]);
                most = counts.length == 1 ? least : most(counts[1]);
            }
            if (!repeated || !further) { // what follows a quantifier says how eager it is
                part = repeated(part, least, most);
                repeated = true;
            }
        }
        return part;
    }

    private static double most(String count) {
        return count.isBlank() ? Double.POSITIVE_INFINITY : Double.parseDouble(count);
    }

    private Part repeated(Part part, double least, double most) {
        double ways = part.ways;
        if (part.nothing) {
            ways = 2 * Math.pow(ways, Math.max(1, least)) * Math.max(1, least);
        }
        if (lookbehinds > 0) {
            ways *= Math.max(1, most);
        }
        return new Part(part.nothing || least == 0, ways);
    }
}

package io.millrace.house;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/// Java source with comments and the insides of literals blanked out, so that braces and words in
/// it are code. Every character keeps its place.
final class JavaCode {
    private static final Pattern TYPE =
            Pattern.compile("(?:^|[\\s)])(?:class|interface|enum|record)\\s+\\w+");
    private static final Pattern ANONYMOUS =
            Pattern.compile("\\bnew\\s+[\\w.<>?, @]+\\(.*\\)\\s*$");

    private final String text;

    JavaCode(String java) {
        this.text = blank(java);
    }

    String text() {
        return text;
    }

    /// A method, constructor or static initialiser.
    ///
    /// @param from index of the first character of its header
    /// @param until index of its closing brace
    record Method(String header, int from, int until) {}

    /// All methods with a body, nested types' included, in the order of their ends.
    List<Method> methods() {
        List<Method> methods = new ArrayList<>();
        Deque<Block> open = new ArrayDeque<>();
        int headerFrom = 0;
        int parentheses = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                parentheses++;
            } else if (c == ')') {
                parentheses--;
            } else if (c == '{') {
                String header = text.substring(headerFrom, i);
                open.push(
                        new Block(kind(header, open.peek()), headerFrom + leading(header), header));
                headerFrom = i + 1;
            } else if (c == '}') {
                Block block = open.pop();
                if (block.kind == Kind.METHOD) {
                    methods.add(new Method(block.header.strip(), block.from, i));
                }
                headerFrom = i + 1;
            } else if (c == ';' && parentheses == 0) {
                headerFrom = i + 1;
            }
        }
        return methods;
    }

    private enum Kind {
        TYPE,
        METHOD,
        OTHER
    }

    private record Block(Kind kind, int from, String header) {}

    private static Kind kind(String header, @org.jspecify.annotations.Nullable Block parent) {
        if (TYPE.matcher(header).find() || ANONYMOUS.matcher(header.replace('\n', ' ')).find()) {
            return Kind.TYPE;
        }
        boolean inType = parent != null && parent.kind == Kind.TYPE;
        boolean initialiser = header.isBlank() || header.strip().equals("static");
        boolean hasParameters = header.contains("(") && !header.contains("=");
        return inType && (hasParameters || initialiser) ? Kind.METHOD : Kind.OTHER;
    }

    private static int leading(String header) {
        return header.length() - header.stripLeading().length();
    }

    private static String blank(String java) {
        StringBuilder out = new StringBuilder(java);
        int i = 0;
        while (i < java.length()) {
            int end = literalEnd(java, i);
            if (end == i) {
                i++;
                continue;
            }
            for (int k = i; k < end; k++) {
                if (java.charAt(k) != '\n') {
                    out.setCharAt(k, ' ');
                }
            }
            i = end;
        }
        return out.toString();
    }

    /// Where the comment or literal that begins here ends; `i` itself if none begins.
    private static int literalEnd(String java, int i) {
        if (java.startsWith("//", i)) {
            return orEnd(java, java.indexOf('\n', i));
        }
        if (java.startsWith("/*", i)) {
            int end = java.indexOf("*/", i + 2);
            return end < 0 ? java.length() : end + 2;
        }
        if (java.startsWith("\"\"\"", i)) {
            return quoted(java, i + 3, "\"\"\"");
        }
        return switch (java.charAt(i)) {
            case '"' -> quoted(java, i + 1, "\"");
            case '\'' -> quoted(java, i + 1, "'");
            default -> i;
        };
    }

    private static int quoted(String java, int from, String quote) {
        int i = from;
        while (i < java.length() && !java.startsWith(quote, i)) {
            i += java.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(java.length(), i + quote.length());
    }

    private static int orEnd(String java, int index) {
        return index < 0 ? java.length() : index;
    }
}

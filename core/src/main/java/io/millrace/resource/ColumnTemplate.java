package io.millrace.resource;

import java.util.ArrayList;
import java.util.List;

/// A text with places for the columns of a result, such as `/derived/floor/{floor}`. Two braces
/// stand for one: `{{` and `}}`. Immutable.
public final class ColumnTemplate {
    private final String text;

    /// Texts and columns by turns, beginning and ending with a text.
    private final List<String> parts;

    private ColumnTemplate(String text, List<String> parts) {
        this.text = text;
        this.parts = List.copyOf(parts);
    }

    /// @throws IllegalArgumentException whose message says what is wrong
    public static ColumnTemplate parse(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == c;
            if ((c == '{' || c == '}') && doubled) {
                literal.append(c);
                at += 2;
            } else if (c == '{') {
                int end = text.indexOf('}', at);
                parts.add(literal.toString());
                parts.add(column(end < 0 ? "" : text.substring(at + 1, end)));
                literal.setLength(0);
                at = end + 1;
            } else if (c == '}') {
                throw new IllegalArgumentException(
                        "must have a { before each }; write }} for a brace");
            } else {
                literal.append(c);
                at++;
            }
        }
        parts.add(literal.toString());
        return new ColumnTemplate(text, parts);
    }

    private static String column(String name) {
        if (name.isBlank() || !name.equals(name.strip()) || name.contains("{")) {
            throw new IllegalArgumentException(
                    "must have the name of a column between { and }; write {{ for a brace");
        }
        return name;
    }

    /// The columns, in the order of their places; one may be there twice.
    public List<String> columns() {
        List<String> columns = new ArrayList<>();
        for (int i = 1; i < parts.size(); i += 2) {
            columns.add(parts.get(i));
        }
        return columns;
    }

    /// The texts around the columns: one more than there are columns.
    public List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < parts.size(); i += 2) {
            texts.add(parts.get(i));
        }
        return texts;
    }

    /// As it was written.
    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ColumnTemplate that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}

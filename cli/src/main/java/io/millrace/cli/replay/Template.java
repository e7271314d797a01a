package io.millrace.cli.replay;

import io.millrace.cli.process.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Text with `{column}` in it, for which each row's value is put.
///
/// `{row}` is the row's number and `{file}` the file's name, unless columns are called so. A brace
/// that does not enclose a name is itself, so JSON may be written as it is; `\{` always is one.
///
/// Immutable.
final class Template {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\\\\\{|\\{([^{}\"\\[\\]\n]+)\\}");

    private final String option;
    private final String text;
    private final String file;
    private final List<Part> parts;

    private sealed interface Part {
        record Literal(String text) implements Part {}

        /// @param inString whether it stands within a string, if the template is JSON
        record Column(String name, boolean inString) implements Part {}
    }

    /// How a value is put into the text.
    @FunctionalInterface
    interface Insertion {
        /// @param column the column's name
        /// @param inString whether the place is within a JSON string
        String text(Row.Value value, String column, boolean inString);
    }

    private Template(String option, String text, String file, List<Part> parts) {
        this.option = option;
        this.text = text;
        this.file = file;
        this.parts = parts;
    }

    /// @param option the option that the template is the value of, for errors
    /// @param file the name of the input file, without folders
    static Template parse(String option, String text, String file) {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = PLACEHOLDER.matcher(text);
        StringBuilder literal = new StringBuilder();
        boolean inString = false;
        int at = 0;
        while (matcher.find()) {
            String before = text.substring(at, matcher.start());
            literal.append(before);
            inString = inStringAfter(before, inString);
            if (matcher.group(1) == null) {
                literal.append('{');
            } else {
                parts.add(new Part.Literal(literal.toString()));
                literal.setLength(0);
                parts.add(new Part.Column(matcher.group(1), inString));
            }
            at = matcher.end();
        }
        literal.append(text, at, text.length());
        parts.add(new Part.Literal(literal.toString()));
        return new Template(option, text, file, List.copyOf(parts));
    }

    private static boolean inStringAfter(String text, boolean before) {
        boolean inString = before;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && inString) {
                i++;
            } else if (c == '"') {
                inString = !inString;
            }
        }
        return inString;
    }

    /// Whether any column is named.
    boolean hasColumns() {
        return parts.size() > 1;
    }

    /// Whether the text is meant to be JSON: it begins with `[`, or with a `{` that encloses no
    /// name.
    boolean isJson() {
        String first =
                parts.getFirst() instanceof Part.Literal(String literal) ? literal.strip() : "";
        return first.startsWith("{") || first.startsWith("[");
    }

    /// Refuses names that no column has.
    ///
    /// @throws CommandFailure listing the columns there are
    void check(Columns columns) {
        for (Part part : parts) {
            switch (part) {
                case Part.Literal _ -> {}
                case Part.Column(String name, _) -> {
                    boolean known = columns.index().containsKey(name) || isBuiltIn(name);
                    if (!known) {
                        throw CommandFailure.usage(unknown(name, columns));
                    }
                }
            }
        }
    }

    /// The text for one row.
    ///
    /// @throws CommandFailure if the row lacks a column
    String expand(Row row, Insertion insertion) {
        StringBuilder expanded = new StringBuilder(text.length() + 32);
        for (Part part : parts) {
            switch (part) {
                case Part.Literal(String literal) -> expanded.append(literal);
                case Part.Column(String name, boolean inString) ->
                        expanded.append(insertion.text(value(row, name), name, inString));
            }
        }
        return expanded.toString();
    }

    /// The text for one row, with values as they are.
    String expand(Row row) {
        return expand(row, (value, _, _) -> value.text());
    }

    private Row.Value value(Row row, String name) {
        Row.Value value = row.value(name);
        if (value != null) {
            return value;
        }
        return switch (name) {
            case "row" -> new Row.Value(Long.toString(row.number()), Long.toString(row.number()));
            case "file" ->
                    new Row.Value(file, "\"" + file.replaceAll("([\\\\\"])", "\\\\$1") + "\"");
            default ->
                    throw CommandFailure.failed(row.place() + ": " + unknown(name, row.columns()));
        };
    }

    private static boolean isBuiltIn(String name) {
        return name.equals("row") || name.equals("file");
    }

    private String unknown(String name, Columns columns) {
        return "%s: there is no column {%s}. The columns are %s; {row} and {file} are known too."
                .formatted(option, name, columns.listed());
    }
}

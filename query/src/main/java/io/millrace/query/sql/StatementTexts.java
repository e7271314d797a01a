package io.millrace.query.sql;

import java.util.ArrayList;
import java.util.List;

/// Divides a text into statements at the semicolons that stand outside of quotes and comments.
final class StatementTexts {
    private StatementTexts() {}

    static List<String> split(String text) {
        List<String> statements = new ArrayList<>();
        int from = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\'' || c == '"' || c == '`') {
                at = after(text, at + 1, String.valueOf(c));
            } else if (text.startsWith("--", at)) {
                at = after(text, at, "\n");
            } else if (text.startsWith("/*", at)) {
                at = after(text, at + 2, "*/");
            } else if (c == ';') {
                add(statements, text, from, at);
                from = at + 1;
                at++;
            } else {
                at++;
            }
        }
        add(statements, text, from, text.length());
        return statements;
    }

    /// Lines stay where they are, so that problems name the right ones.
    private static void add(List<String> statements, String text, int from, int to) {
        String statement = text.substring(from, to);
        if (!statement.isBlank()) {
            statements.add(text.substring(0, from).replaceAll("[^\n]", " ") + statement);
        }
    }

    private static int after(String text, int from, String end) {
        int found = text.indexOf(end, from);
        return found < 0 ? text.length() : found + end.length();
    }
}

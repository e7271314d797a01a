package io.millrace.event.filter.cesql;

import io.millrace.event.Quoted;
import io.millrace.event.filter.cesql.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Cuts a text into tokens (CESQL, section 2). Keywords have no case.
final class Lexer {
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    /// The tokens, the last of which is [Kind#END].
    static List<Token> tokens(String text) throws CesqlSyntaxException {
        Lexer lexer = new Lexer(text);
        while (lexer.at < text.length()) {
            lexer.next();
        }
        lexer.add(Kind.END, 0);
        return lexer.tokens;
    }

    private void next() throws CesqlSyntaxException {
        char c = text.charAt(at);
        switch (c) {
            case ' ', '\t', '\r', '\n' -> at++;
            case '(' -> add(Kind.LEFT_PARENTHESIS, 1);
            case ')' -> add(Kind.RIGHT_PARENTHESIS, 1);
            case ',' -> add(Kind.COMMA, 1);
            case '+' -> add(Kind.PLUS, 1);
            case '-' -> add(Kind.MINUS, 1);
            case '*' -> add(Kind.STAR, 1);
            case '/' -> add(Kind.SLASH, 1);
            case '%' -> add(Kind.PERCENT, 1);
            case '=' -> add(Kind.EQUAL, 1);
            case '!', '<', '>' -> comparison(c);
            case '\'', '"' -> string(c);
            default -> word();
        }
    }

    private void add(Kind kind, int length) {
        tokens.add(new Token(kind, text.substring(at, at + length), at));
        at += length;
    }

    private void comparison(char c) throws CesqlSyntaxException {
        char second = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        if (c == '!' && second != '=') {
            throw new CesqlSyntaxException(at + 1, "! stands only in !=; write NOT");
        } else if (c == '!' || (c == '<' && second == '>')) {
            add(Kind.NOT_EQUAL, 2);
        } else if (second == '=') {
            add(c == '<' ? Kind.LESS_OR_EQUAL : Kind.GREATER_OR_EQUAL, 2);
        } else {
            add(c == '<' ? Kind.LESS : Kind.GREATER, 1);
        }
    }

    /// A backslash stands for itself, except before the string's own quote.
    private void string(char quote) throws CesqlSyntaxException {
        StringBuilder value = new StringBuilder();
        int i = at + 1;
        while (i < text.length() && text.charAt(i) != quote) {
            char c = text.charAt(i++);
            if (c == '\\' && i < text.length()) {
                char escaped = text.charAt(i++);
                if (escaped != quote) {
                    value.append(c);
                }
                value.append(escaped);
            } else {
                value.append(c);
            }
        }
        if (i >= text.length()) {
            throw new CesqlSyntaxException(
                    at + 1, "this string has no end; close it with " + quote);
        }
        if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
            throw new CesqlSyntaxException(
                    i + 2, "write \\%c for a quote inside a string".formatted(quote));
        }
        tokens.add(new Token(Kind.STRING, value.toString(), at));
        at = i + 1;
    }

    private void word() throws CesqlSyntaxException {
        int end = at;
        boolean digits = true;
        while (end < text.length() && isOfWord(text.charAt(end))) {
            digits &= text.charAt(end) >= '0' && text.charAt(end) <= '9';
            end++;
        }
        if (end == at) {
            int codePoint = text.codePointAt(at);
            throw new CesqlSyntaxException(
                    at + 1,
                    "\"%s\" has no meaning here; put text in quotes"
                            .formatted(Quoted.shortened(Character.toString(codePoint))));
        }
        String word = text.substring(at, end);
        add(digits ? Kind.INTEGER : kind(word), end - at);
    }

    private static boolean isOfWord(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_';
    }

    private static Kind kind(String word) {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "AND" -> Kind.AND;
            case "OR" -> Kind.OR;
            case "XOR" -> Kind.XOR;
            case "NOT" -> Kind.NOT;
            case "LIKE" -> Kind.LIKE;
            case "EXISTS" -> Kind.EXISTS;
            case "IN" -> Kind.IN;
            case "TRUE" -> Kind.TRUE;
            case "FALSE" -> Kind.FALSE;
            default -> Kind.WORD;
        };
    }
}

package io.millrace.event.filter.cesql;

/// A word of an expression.
///
/// @param text as written; of a string, what it stands for
/// @param from where it begins, counted from 0
record Token(Kind kind, String text, int from) {
    /// What a token is.
    enum Kind {
        AND,
        OR,
        XOR,
        NOT,
        LIKE,
        EXISTS,
        IN,
        TRUE,
        FALSE,
        STRING,
        INTEGER,
        WORD,
        LEFT_PARENTHESIS,
        RIGHT_PARENTHESIS,
        COMMA,
        PLUS,
        MINUS,
        STAR,
        SLASH,
        PERCENT,
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        END
    }
}

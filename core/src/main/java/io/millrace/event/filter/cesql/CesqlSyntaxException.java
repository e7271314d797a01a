package io.millrace.event.filter.cesql;

/// A text is no CESQL expression. Without a stack trace: it is an answer to whoever wrote the text.
public final class CesqlSyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int position;

    CesqlSyntaxException(int position, String detail) {
        super(detail, null, false, false);
        this.position = position;
    }

    /// The character, counted from 1, at which the text stops making sense.
    public int position() {
        return position;
    }

    /// What is wrong, with its position.
    @Override
    public String getMessage() {
        return "at character " + position + ": " + super.getMessage();
    }
}

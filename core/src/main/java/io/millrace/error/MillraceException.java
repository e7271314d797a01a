package io.millrace.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A failure that a user is told about, as one or more problems.
///
/// Callers' mistakes carry no stack trace: they are answers, not faults, and an attacker must not
/// be able to make them expensive.
public final class MillraceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public MillraceException(ErrorCode code, String detail) {
        this(List.of(new Problem(code, null, detail)), null);
    }

    /// @param field the attribute, header, key or parameter that is wrong
    public MillraceException(ErrorCode code, String field, String detail) {
        this(List.of(new Problem(code, field, detail)), null);
    }

    public MillraceException(ErrorCode code, String detail, Throwable cause) {
        this(List.of(new Problem(code, null, detail)), cause);
    }

    /// @param problems everything that is wrong, the gravest first; not empty
    public MillraceException(List<Problem> problems) {
        this(problems, null);
    }

    private MillraceException(List<Problem> problems, @Nullable Throwable cause) {
        super(
                problems.getFirst().toString(),
                cause,
                false,
                problems.getFirst().code().kind() == ErrorCode.Kind.INTERNAL);
        this.problems = List.copyOf(problems);
    }

    /// The first problem's code, which decides the status of an answer.
    public ErrorCode code() {
        return problems.getFirst().code();
    }

    public List<Problem> problems() {
        return problems;
    }
}

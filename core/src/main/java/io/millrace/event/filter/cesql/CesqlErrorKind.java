package io.millrace.event.filter.cesql;

/// The kinds of errors that an expression can meet (CESQL, section 3.3).
public enum CesqlErrorKind {
    /// The text is no expression.
    PARSE,
    /// A division by zero, or a result outside 32 bits.
    MATH,
    /// A value cannot become the type that an operator or function takes.
    CAST,
    /// The event has no such attribute.
    MISSING_ATTRIBUTE,
    /// No function has this name and this number of arguments.
    MISSING_FUNCTION,
    /// A function cannot work with its arguments.
    FUNCTION_EVALUATION,
    /// Anything else.
    GENERIC
}

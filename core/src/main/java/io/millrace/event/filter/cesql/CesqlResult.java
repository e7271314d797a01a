package io.millrace.event.filter.cesql;

import org.jspecify.annotations.Nullable;

/// What an expression came to (CESQL, sections 3.2 and 3.3): always a value, and the first error,
/// if there was one.
///
/// @param value a Boolean, an Integer or a String
/// @param error what went wrong first; `null` if nothing did
/// @param detail the error as a sentence; `null` without one
public record CesqlResult(Object value, @Nullable CesqlErrorKind error, @Nullable String detail) {}

package io.millrace.error;

import org.jspecify.annotations.Nullable;

/// One thing that is wrong.
///
/// @param code what it is
/// @param field the attribute, header, key or parameter that is wrong, if one is
/// @param detail what is wrong this time and what to do about it, as a sentence
public record Problem(ErrorCode code, @Nullable String field, String detail) {
    @Override
    public String toString() {
        return field == null ? detail : field + ": " + detail;
    }
}

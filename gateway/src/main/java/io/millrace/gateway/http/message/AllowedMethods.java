package io.millrace.gateway.http.message;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;

/// The methods of a path (RFC 9110, section 15.5.6), in words for people and in the `Allow` header
/// for programs.
public final class AllowedMethods {
    private static final String METHODS = "the methods here are ";

    private AllowedMethods() {}

    /// @param methods as in an `Allow` header
    public static MillraceException problem(String methods) {
        return new MillraceException(ErrorCode.METHOD_NOT_ALLOWED, "method", METHODS + methods);
    }

    /// The methods that such a problem names, as in an `Allow` header.
    public static String of(MillraceException problem) {
        return problem.problems().getFirst().detail().substring(METHODS.length());
    }
}

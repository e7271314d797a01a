package io.millrace.broker;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import org.jspecify.annotations.Nullable;

/// What must hold for a change to be made (RFC 9110, section 13.1).
///
/// @param ifMatch the entity tag that the resource must have, or `*` if it must only exist; `null`
///   for any
/// @param ifNew whether the resource must not exist
public record Precondition(@Nullable String ifMatch, boolean ifNew) {
    public static final Precondition NONE = new Precondition(null, false);

    /// @param etag the resource's, or `null` if it does not exist
    void check(@Nullable String etag) {
        if (ifNew && etag != null) {
            throw new MillraceException(
                    ErrorCode.PRECONDITION_FAILED, "the resource exists already");
        }
        if (ifMatch != null && (etag == null || !(ifMatch.equals("*") || ifMatch.equals(etag)))) {
            throw new MillraceException(
                    ErrorCode.PRECONDITION_FAILED,
                    etag == null
                            ? "the resource does not exist"
                            : "the resource's entity tag is %s; read it again and repeat the change"
                                    .formatted(etag));
        }
    }
}

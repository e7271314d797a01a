package io.millrace.gateway.http.message;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.PercentEncoding;
import java.util.Locale;

/// A request's target (RFC 9112, section 3.2), taken apart: the path as it was sent, and the query.
///
/// @param path begins with `/`, still percent-encoded
/// @param query without its `?`; empty if there is none
public record RequestTarget(String path, String query) {

    /// @throws MillraceException REQUEST_INVALID
    public static RequestTarget of(String uri) {
        String target = uri.startsWith("/") ? uri : originForm(uri);
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7F) {
                throw new MillraceException(
                        ErrorCode.REQUEST_INVALID,
                        "path",
                        "has a byte that must be percent-encoded, %%%02X"
                                .formatted((int) c & 0xFF));
            }
        }
        int mark = target.indexOf('?');
        return mark < 0
                ? new RequestTarget(target, "")
                : new RequestTarget(target.substring(0, mark), target.substring(mark + 1));
    }

    /// Proxies send the whole URI.
    private static String originForm(String uri) {
        String lower = uri.toLowerCase(Locale.ROOT);
        if (lower.startsWith("http://") || lower.startsWith("https://")) {
            int slash = uri.indexOf('/', uri.indexOf("//") + 2);
            int mark = uri.indexOf('?');
            if (slash < 0 || (mark >= 0 && mark < slash)) {
                return mark < 0 ? "/" : "/" + uri.substring(mark);
            }
            return uri.substring(slash);
        }
        throw new MillraceException(ErrorCode.REQUEST_INVALID, "path", "must begin with /");
    }

    /// The text of a path behind a prefix such as `/events`, as a context or pattern with its
    /// leading `/`, decoded.
    ///
    /// @throws MillraceException with `code` for an encoded slash, which would make two paths of
    ///   one
    public String below(String prefix, ErrorCode code, String field) {
        String encoded = path.substring(prefix.length());
        return encoded.isEmpty() ? "/" : decoded(encoded, code, field);
    }

    /// Decodes a path of several segments.
    public static String decoded(String encoded, ErrorCode code, String field) {
        if (encoded.indexOf('%') < 0) {
            return encoded;
        }
        if (encoded.contains("%2F") || encoded.contains("%2f")) {
            throw new MillraceException(
                    code, field, "has %2F, but no segment can have a slash inside");
        }
        return PercentEncoding.decode(encoded, field);
    }
}

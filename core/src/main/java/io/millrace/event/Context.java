package io.millrace.event;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The path that says where an event belongs, such as `/org/contoso/site/berlin/building/41`.
///
/// Segments are UTF-8 without `/`, `*`, `+`, `#` and control characters; there are at most 32 of
/// them in 1024 bytes. `/` is the root, which has no segments. Empty segments exist for MQTT's
/// sake, so `/a//b` is a context. The segments `.` and `..` are refused: clients and proxies
/// resolve them before they arrive, so that they would mean two things.
public final class Context {
    public static final int SEGMENTS_MAX = 32;
    public static final int BYTES_MAX = 1024;
    public static final Context ROOT = new Context("/");

    private final String path;

    private Context(String path) {
        this.path = path;
    }

    /// @throws MillraceException with [ErrorCode#CONTEXT_INVALID]
    public static Context of(String path) {
        if (path.equals("/")) {
            return ROOT;
        }
        PathRules.check(path, ErrorCode.CONTEXT_INVALID, "context", false);
        return new Context(path);
    }

    /// A context as it was recorded: what was allowed then stays readable, whatever the rules for
    /// new ones have become. Only for what comes out of a log.
    ///
    /// @throws MillraceException with [ErrorCode#CONTEXT_INVALID] if it is no path at all
    public static Context recorded(String path) {
        if (!path.startsWith("/")) {
            return of(path);
        }
        return path.length() == 1 ? ROOT : new Context(path);
    }

    /// The context that an event's `source` stands for: an absolute path is itself, a full URI
    /// `https://host/p` is `/host/p`, one without a host `file:///p` is `/p`; anything else is
    /// none. Query and fragment do not count, nor does one slash at the end.
    ///
    /// @throws MillraceException with [ErrorCode#CONTEXT_INVALID] if the path can be no context;
    ///   the publisher must name one then
    public static @Nullable Context ofSource(String source) {
        if (source.startsWith("/")) {
            return source.startsWith("//") ? null : ofUriPath(source);
        }
        int scheme = UriScheme.end(source);
        if (scheme < 0 || !source.startsWith("//", scheme + 1)) {
            return null;
        }
        boolean host = !source.startsWith("/", scheme + 3);
        return ofUriPath(source.substring(scheme + (host ? 2 : 3)));
    }

    private static Context ofUriPath(String path) {
        int end = path.length();
        int query = path.indexOf('?');
        int fragment = path.indexOf('#');
        end = query >= 0 ? Math.min(end, query) : end;
        end = fragment >= 0 ? Math.min(end, fragment) : end;
        String encoded = path.substring(0, end);
        if (encoded.contains("%2F") || encoded.contains("%2f")) {
            // Decoded it would be a second way to write another context.
            throw new MillraceException(
                    ErrorCode.CONTEXT_INVALID,
                    "source",
                    "has an encoded slash, so no context follows from it; name the context");
        }
        String decoded = PercentEncoding.decode(encoded, "source");
        boolean trailing = decoded.length() > 1 && decoded.endsWith("/");
        return of(trailing ? decoded.substring(0, decoded.length() - 1) : decoded);
    }

    /// The path with its leading `/`, not percent-encoded.
    public String path() {
        return path;
    }

    public List<String> segments() {
        List<String> segments = new ArrayList<>();
        if (path.length() > 1) {
            int from = 1;
            for (int slash = path.indexOf('/', 1); slash >= 0; slash = path.indexOf('/', from)) {
                segments.add(path.substring(from, slash));
                from = slash + 1;
            }
            segments.add(path.substring(from));
        }
        return segments;
    }

    /// The context above this one; the root's is `null`.
    public @Nullable Context parent() {
        if (path.length() == 1) {
            return null;
        }
        int slash = path.lastIndexOf('/');
        return slash == 0 ? ROOT : new Context(path.substring(0, slash));
    }

    /// Whether `other` is this context or lies below it.
    public boolean covers(Context other) {
        return path.length() == 1
                || (other.path.startsWith(path)
                        && (other.path.length() == path.length()
                                || other.path.charAt(path.length()) == '/'));
    }

    public byte[] toUtf8() {
        return path.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Context that && path.equals(that.path);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        return path;
    }
}

package io.millrace.delivery;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/// The URL of a sink, taken apart. Its query may hold a key, so [#toString] leaves it out.
/// Immutable.
public final class SinkAddress {
    private static final int LENGTH_MAX = 4096;

    private final boolean secure;
    private final String host;
    private final int port;
    private final String target;
    private final String shown;
    private final String base;
    private final @Nullable Secret query;

    private SinkAddress(URI uri, String url, String host) {
        int mark = url.indexOf('?');
        this.base = mark < 0 ? url : url.substring(0, mark);
        this.query = mark < 0 ? null : Secret.of(url.substring(mark + 1));
        this.secure = uri.getScheme().equalsIgnoreCase("https");
        this.host = host;
        this.port = uri.getPort() < 0 ? (secure ? 443 : 80) : uri.getPort();
        String path = uri.getRawPath();
        String asked = path == null || path.isEmpty() ? "/" : path;
        this.target = query == null ? asked : asked + "?" + query.reveal();
        this.shown =
                "%s://%s:%d%s%s"
                        .formatted(
                                secure ? "https" : "http",
                                host.indexOf(':') < 0 ? host : "[" + host + "]",
                                port,
                                asked,
                                query == null ? "" : "?***");
    }

    /// @param field which the URL is of, to be named in the error
    /// @throws MillraceException RESOURCE_INVALID
    public static SinkAddress parse(String field, String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw wrong(
                    field, "must be a URL, but at character %d it is none".formatted(e.getIndex()));
        }
        String scheme = uri.getScheme();
        if (scheme == null
                || !(scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("http"))) {
            throw wrong(field, "must begin with https:// or http://");
        }
        if (uri.getRawUserInfo() != null) {
            throw wrong(field, "must not hold a user or password; set credentials instead");
        }
        if (uri.getRawFragment() != null) {
            throw wrong(field, "must not have a fragment (#)");
        }
        if (url.length() > LENGTH_MAX || !url.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw wrong(
                    field, "must be at most %d printable ASCII characters".formatted(LENGTH_MAX));
        }
        String host = host(uri);
        if (host == null) {
            throw wrong(
                    field,
                    "must have a host name, or an IP address in its usual form"
                            + " (names in other scripts as xn--)");
        }
        if (uri.getPort() == 0 || uri.getPort() > 0xFFFF) {
            throw wrong(field, "must have a port from 1 to 65535");
        }
        return new SinkAddress(uri, url, host);
    }

    /// The host without brackets; `null` if it is written in a way that resolvers take for an
    /// address, but people do not, such as `127.1` or `0x7f.1`.
    private static @Nullable String host(URI uri) {
        String host = uri.getHost();
        if (host == null || host.indexOf('%') >= 0) {
            return null;
        }
        if (host.startsWith("[")) {
            return host.substring(1, host.length() - 1);
        }
        boolean number = host.matches("(.*\\.)?[0-9][^.]*\\.?");
        return number && !AddressRange.isLiteral(host) ? null : host;
    }

    private static MillraceException wrong(String field, String detail) {
        return new MillraceException(ErrorCode.RESOURCE_INVALID, field, detail);
    }

    /// Whether it is `https`.
    public boolean secure() {
        return secure;
    }

    /// The name or the IP address, without brackets.
    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    /// The path and the query, as the request line has them.
    public String target() {
        return target;
    }

    /// The query without its question mark, which may hold a key; `null` if there is none.
    public @Nullable Secret query() {
        return query;
    }

    /// The URL as it was written, with stars for its query.
    public String documentText() {
        return query == null ? base : base + "?" + Secret.SHOWN;
    }

    /// The same address with another query.
    ///
    /// @throws MillraceException RESOURCE_INVALID
    public SinkAddress withQuery(String field, Secret other) {
        return parse(field, base + "?" + other.reveal());
    }

    /// Whether requests to both go to the same server: scheme, host and port.
    public boolean sameServer(SinkAddress other) {
        return secure == other.secure && port == other.port && host.equalsIgnoreCase(other.host);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SinkAddress that
                && secure == that.secure
                && port == that.port
                && host.equals(that.host)
                && target.equals(that.target);
    }

    @Override
    public int hashCode() {
        return host.hashCode() * 31 + port;
    }

    /// The URL without its query.
    @Override
    public String toString() {
        return shown;
    }
}

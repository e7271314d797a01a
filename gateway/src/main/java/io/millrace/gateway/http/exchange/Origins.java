package io.millrace.gateway.http.exchange;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.http.message.RequestHead;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps strangers' web pages away from a server that trusts whoever reaches it.
///
/// A page in a browser on this machine can send requests here too. So the `Host` must be a name of
/// this machine, which defeats names that a stranger's DNS lets point here, and what changes
/// something, or opens a WebSocket, must come from the server's own pages if it comes from a page.
/// Immutable.
public final class Origins {
    private final Set<String> hosts;

    /// @param hosts allowed besides the names of the loopback address
    public Origins(List<String> hosts) {
        this.hosts = Set.copyOf(hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList());
    }

    /// @throws MillraceException FORBIDDEN, or REQUEST_INVALID if HTTP/1.1 names no host
    public void check(HttpPeer peer, RequestHead head, HttpMethod method, boolean http10) {
        String host = head.host();
        if (host == null) {
            if (!http10) {
                throw new MillraceException(ErrorCode.REQUEST_INVALID, "host", "is missing");
            }
        } else if (!host.equals(peer.acceptedHost())) {
            if (!isAllowed(host)) {
                throw new MillraceException(
                        ErrorCode.FORBIDDEN,
                        "host",
                        "this server is not called \"%s\"; call it localhost, or add the name to its hosts"
                                .formatted(shortened(host)));
            }
            peer.accept(host);
        }
        String origin = head.origin();
        if (origin != null && !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            checkOrigin(origin, host);
        }
    }

    /// @throws MillraceException FORBIDDEN unless the origin is the server itself
    public void checkOrigin(String origin, @Nullable String host) {
        int scheme = origin.indexOf("://");
        boolean same =
                scheme > 0 && host != null && origin.substring(scheme + 3).equalsIgnoreCase(host);
        if (!same) {
            throw new MillraceException(
                    ErrorCode.FORBIDDEN,
                    "origin",
                    "pages of \"%s\" may not do this here".formatted(shortened(origin)));
        }
    }

    private boolean isAllowed(String authority) {
        String name = name(authority).toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals("[::1]")
                || isLoopback(name)
                || hosts.contains(name);
    }

    private static String name(String authority) {
        int bracket = authority.lastIndexOf(']');
        int colon = authority.indexOf(':', Math.max(0, bracket));
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    /// 127.0.0.0/8, in numbers: `127.example.com` is a name like any other.
    private static boolean isLoopback(String name) {
        return name.startsWith("127.")
                && name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    private static String shortened(String text) {
        return text.length() <= 64 ? text : text.substring(0, 64) + "…";
    }
}

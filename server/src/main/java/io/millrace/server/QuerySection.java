package io.millrace.server;

import io.millrace.broker.query.QueryCapacity;
import io.millrace.config.ByteSize;
import io.millrace.config.Key;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Queries; a part of the [ServerConfig].
public record QuerySection(
        @Key(
                        doc =
                                "Where queries that run on a Flink cluster reach this server's HTTP API, such"
                                        + " as `http://millrace.example.com:8080`; without it, the address"
                                        + " that is listened on. Its host name must be among `http.hosts`"
                                        + " unless a proxy in between changes it.")
                @Nullable String advertisedUrl,
        @Key(
                        doc =
                                "Tasks of queries that run in this server at the same time: each query takes"
                                        + " as many as its `parallelism`, each statement of `millrace query`"
                                        + " one; what finds none waits.",
                        def = "32",
                        min = 1,
                        max = 1_000)
                int slots,
        @Key(
                        doc =
                                "Memory outside the heap for what all queries in this server remember"
                                        + " together; what is more is on disk. Windows take up to 64 MiB for"
                                        + " each slot in use besides.",
                        def = "256MiB",
                        least = "32MiB",
                        most = "1TiB")
                ByteSize stateMemory) {
    /// @throws MillraceException CONFIGURATION_INVALID
    public QuerySection {
        if (advertisedUrl != null && !isServer(advertisedUrl)) {
            throw new MillraceException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "advertisedUrl",
                    "must be the address of a server, such as http://millrace.example.com:8080");
        }
    }

    private static boolean isServer(String text) {
        try {
            URI uri = new URI(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            String path = String.valueOf(uri.getRawPath());
            return (scheme.equals("http") || scheme.equals("https"))
                    && uri.getHost() != null
                    && (path.isEmpty() || path.equals("/"))
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
        } catch (URISyntaxException _) {
            return false;
        }
    }

    QueryCapacity capacity() {
        return new QueryCapacity(slots, stateMemory.bytes());
    }

    /// @param address that is listened on
    URI reachedAt(String address, int port) {
        if (advertisedUrl != null) {
            return URI.create(advertisedUrl);
        }
        String host = address.contains(":") ? "[" + address + "]" : address;
        return URI.create("http://%s:%d".formatted(host, port));
    }
}

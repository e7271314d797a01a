package io.millrace.gateway.http.config;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.error.Problem;
import io.millrace.gateway.listener.ListenAddress;
import java.util.ArrayList;
import java.util.List;

/// Where the HTTP API listens.
///
/// @param address to listen on; only loopback addresses are possible without TLS and authentication
/// @param port to listen on; 0 takes any free one
/// @param hosts names, besides those of the loopback address, by which clients may call the server,
///   as in their `Host` header
/// @param limits what clients may use up
public record HttpConfig(String address, int port, List<String> hosts, HttpLimits limits) {
    public static final HttpConfig DEFAULT =
            new HttpConfig("127.0.0.1", 8080, List.of(), HttpLimits.DEFAULT);

    /// @throws MillraceException CONFIGURATION_INVALID with everything that is wrong
    public HttpConfig {
        hosts = List.copyOf(hosts);
        List<Problem> problems = new ArrayList<>(ListenAddress.problems(address, port));
        for (String host : hosts) {
            if (host.isEmpty() || host.contains("/") || host.contains(":")) {
                problems.add(
                        problem(
                                "hosts",
                                "\""
                                        + host
                                        + "\" is not a host name; give it without scheme and port"));
            }
        }
        if (!problems.isEmpty()) {
            throw new MillraceException(problems);
        }
    }

    public HttpConfig withPort(int port) {
        return new HttpConfig(address, port, hosts, limits);
    }

    public HttpConfig withLimits(HttpLimits limits) {
        return new HttpConfig(address, port, hosts, limits);
    }

    private static Problem problem(String field, String detail) {
        return new Problem(ErrorCode.CONFIGURATION_INVALID, field, detail);
    }
}

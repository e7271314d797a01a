package io.millrace.gateway.listener;

import io.millrace.error.ErrorCode;
import io.millrace.error.Problem;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// What an address and a port must be like to be listened on.
public final class ListenAddress {
    private ListenAddress() {}

    /// What is wrong, with the fields `address` and `port`; empty if nothing is.
    ///
    /// @param address only a loopback address is possible without TLS and authentication
    /// @param port 0 for any free one
    public static List<Problem> problems(String address, int port) {
        List<Problem> problems = new ArrayList<>();
        if (port < 0 || port > 65535) {
            problems.add(problem("port", "must be 0 to 65535, but is " + port));
        }
        try {
            if (!InetAddress.getByName(address).isLoopbackAddress()) {
                problems.add(
                        problem(
                                "address",
                                address
                                        + " can be reached from other machines, and the server has neither TLS nor"
                                        + " authentication yet; use 127.0.0.1, behind a proxy that has both"));
            }
        } catch (UnknownHostException _) {
            problems.add(problem("address", address + " is not an address of this machine"));
        }
        return problems;
    }

    private static Problem problem(String field, String detail) {
        return new Problem(ErrorCode.CONFIGURATION_INVALID, field, detail);
    }
}

package io.millrace.gateway.http.socket;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import java.util.List;

/// Agrees on a subprotocol (RFC 6455, section 1.9).
final class Subprotocols {
    static final String HEADER = "sec-websocket-protocol";

    private static final int SHOWN_MAX = 64;

    private Subprotocols() {}

    /// The first that the client offers and the path speaks.
    ///
    /// @param offers values of the header, each a list
    /// @throws MillraceException REQUEST_INVALID
    static String choose(List<String> offers, List<String> spoken) {
        for (String offer : offers) {
            for (String name : offer.split(",", -1)) {
                if (spoken.contains(name.strip())) {
                    return name.strip();
                }
            }
        }
        String wanted = String.join(" or ", spoken);
        throw new MillraceException(
                ErrorCode.REQUEST_INVALID,
                HEADER,
                offers.isEmpty()
                        ? "is missing; it must offer " + wanted
                        : "offers only \"%s\"; spoken here is %s".formatted(shown(offers), wanted));
    }

    private static String shown(List<String> offers) {
        String all = String.join(", ", offers);
        return all.length() <= SHOWN_MAX ? all : all.substring(0, SHOWN_MAX) + "…";
    }
}

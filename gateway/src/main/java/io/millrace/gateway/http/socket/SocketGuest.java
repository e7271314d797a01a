package io.millrace.gateway.http.socket;

import io.vertx.core.http.ServerWebSocket;
import java.util.Map;

/// Who speaks on one socket. Owned by the connection's event loop.
interface SocketGuest {
    /// What the answer to the handshake says besides.
    default Map<String, String> headers() {
        return Map.of();
    }

    /// The handshake is done.
    ///
    /// @param guard stands on the connection already
    void opened(ServerWebSocket socket, SocketGuard guard);

    /// The connection is closed, or never became a socket. Called once, last.
    void closed();

    /// The server stops.
    void stopping();
}

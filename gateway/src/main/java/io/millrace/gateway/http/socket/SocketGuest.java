package io.millrace.gateway.http.socket;

import io.vertx.core.http.ServerWebSocket;

/// Who speaks on one socket. Owned by the connection's event loop.
interface SocketGuest {
    /// The handshake is done.
    void opened(ServerWebSocket socket);

    /// The connection is closed, or never became a socket. Called once, last.
    void closed();

    /// The server stops.
    void stopping();
}

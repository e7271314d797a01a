package io.millrace.gateway.http.socket;

import io.millrace.error.MillraceException;
import io.millrace.gateway.http.exchange.HttpPeer;
import io.millrace.gateway.http.exchange.Route;
import io.millrace.gateway.http.message.RequestTarget;
import java.util.List;

/// Paths on which a protocol is spoken over WebSocket. Thread-safe.
public interface SocketService {
    /// Whether the path is its own.
    boolean owns(String path);

    /// The name under which its sockets are counted.
    Route route();

    /// The subprotocols that it speaks; the client says which one it likes best.
    List<String> subprotocols();

    /// Looks at a request before the handshake. Called on the connection's event loop.
    ///
    /// @param subprotocol the one agreed on
    /// @throws MillraceException which becomes the answer, instead of a handshake
    SocketGuest admit(HttpPeer peer, RequestTarget target, String subprotocol);
}

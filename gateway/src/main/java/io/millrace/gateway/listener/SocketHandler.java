package io.millrace.gateway.listener;

import io.vertx.core.http.ServerWebSocket;

/// Takes over WebSocket connections of the HTTP port, to speak another protocol on them.
///
/// The HTTP side has done its part by then: who may connect, the origin, the handshake and its
/// subprotocol. It asks nothing of the connection any more: neither its idle time nor any place for
/// requests; that it still lives is the handler's to find out.
public interface SocketHandler {
    /// A client has opened a socket. Called on the connection's event loop, on which all handlers
    /// of the socket are called too. The handlers that are not set within this call miss what comes
    /// first.
    ///
    /// What is still open when the HTTP gateway stops is closed with code 1001. What breaks the
    /// rules of WebSocket (RFC 6455) is answered by the right close code, unless the handler has
    /// set a [ServerWebSocket#exceptionHandler].
    void opened(ServerWebSocket socket);

    /// The same, for a handler that closes sockets of clients who take nothing any more: a close
    /// frame would wait behind everything that they have not taken.
    ///
    /// @param cut has the connection end within a few seconds, whatever the client does; to be
    ///   called beside [ServerWebSocket#close], on the event loop
    default void opened(ServerWebSocket socket, Runnable cut) {
        opened(socket);
    }

    /// The largest frame and the largest message that clients may send, in bytes.
    int frameBytesMax();
}

package io.millrace.gateway.http.socket;

import io.vertx.core.http.ServerWebSocket;

/// Why a socket is closed (RFC 6455, section 7.4.1).
public final class SocketClose {
    /// The server stops.
    public static final short GOING_AWAY = 1001;

    static final String STOPS = "the server stops";

    /// A message of many frames is larger than allowed; the limit of a single frame is the
    /// decoder's.
    private static final short TOO_BIG = 1009;

    private static final int REASON_BYTES_MAX = 120;

    private SocketClose() {}

    /// Has the socket closed when a message outgrows the limit of the server's library.
    static void limited(ServerWebSocket socket) {
        socket.exceptionHandler(problem -> {
            // So the library calls that.
            if (problem instanceof IllegalStateException) {
                close(socket, TOO_BIG, "the message is larger than allowed");
            }
        });
    }

    /// Closes the socket because the server stops.
    static void away(ServerWebSocket socket) {
        close(socket, GOING_AWAY, STOPS);
    }

    /// Closes the socket; what has been written before goes out first.
    ///
    /// @param reason of which as much is sent as fits into a close frame
    static void close(ServerWebSocket socket, short code, String reason) {
        // Whether that succeeds, the close handlers tell.
        var _ = socket.close(code, fitting(reason));
    }

    /// Its beginning in plain ASCII: a close frame has room for 123 bytes.
    private static String fitting(String reason) {
        StringBuilder ascii = new StringBuilder(Math.min(reason.length(), REASON_BYTES_MAX));
        for (int i = 0; i < reason.length() && i < REASON_BYTES_MAX; i++) {
            char c = reason.charAt(i);
            ascii.append(c >= ' ' && c < 0x7F ? c : '?');
        }
        return ascii.toString();
    }
}

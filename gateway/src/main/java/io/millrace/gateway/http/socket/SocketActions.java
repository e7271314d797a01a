package io.millrace.gateway.http.socket;

import io.millrace.event.Event;
import org.jspecify.annotations.Nullable;

/// What a [SocketSession] wants done. Called on the event loop.
interface SocketActions {
    /// Publishes; [SocketSession#stored] or [SocketSession#failed] is called when it is decided.
    void publish(@Nullable String context, SocketSession.Submission submission);

    /// Sends an event; [SocketSession#written] is called when it has gone into the socket.
    ///
    /// @param bytes of a message that this settles, for the same call
    void send(Event event, int bytes);

    /// Begins or ceases to read from the socket.
    void reading(boolean wanted);

    /// Closes the socket.
    void close(short code, String reason);
}

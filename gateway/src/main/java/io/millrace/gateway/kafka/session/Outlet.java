package io.millrace.gateway.kafka.session;

import io.millrace.gateway.kafka.wire.EncodedAnswer;

/// What a session does to its connection. On the connection's event loop unless it says otherwise.
public interface Outlet {
    /// Sends an answer; [KafkaSession#sent] is to be called when it is gone, whether it arrived or
    /// not.
    void send(EncodedAnswer answer);

    /// More may be read again, see [KafkaSession#isOpenForMore].
    void resume();

    /// Has the connection closed once everything is sent that was given to [#send].
    void close(String reason);

    /// Runs an action on the connection's event loop soon. From any thread.
    void execute(Runnable action);

    /// Whether this is the connection's event loop. From any thread.
    boolean isOnLoop();
}

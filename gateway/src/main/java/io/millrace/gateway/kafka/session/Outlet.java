package io.millrace.gateway.kafka.session;

import io.millrace.gateway.kafka.wire.EncodedAnswer;
import java.util.concurrent.Future;

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

    /// Runs an action on the connection's event loop after a while. From any thread; cheap on the
    /// loop itself.
    ///
    /// @throws java.util.concurrent.RejectedExecutionException if the server is stopping
    Future<?> execute(Runnable action, long millis);

    /// Whether this is the connection's event loop. From any thread.
    boolean isOnLoop();
}

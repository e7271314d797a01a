package io.millrace.gateway.kafka.request;

import java.util.concurrent.Future;
import org.apache.kafka.common.protocol.ApiMessage;

/// How one request is answered: exactly once, by one of these. Thread-safe. Answers leave in the
/// order of their requests, whenever they are given.
public interface Answer {
    /// @param response such as `MetadataResponseData`
    void send(ApiMessage response);

    /// Nothing is sent: the client wants no answer (a produce with `acks=0`).
    void none();

    /// Closes the connection: there is no answer in the protocol for what went wrong.
    ///
    /// @param reason for the log
    void close(String reason);

    /// Answers with the error answer of the request's API: with the code of a
    /// [io.millrace.error.MillraceException] or of one of Kafka's exceptions, else as an unknown
    /// server error. Nothing happens if the request is answered already. For what is thrown where
    /// [RequestHandler#handle] has returned.
    default void fail(Throwable problem) {
        close(problem.toString());
    }

    /// Runs an action soon on the thread that serves the connection, where it must not wait.
    default void later(Runnable action) {
        action.run();
    }

    /// Runs an action after a while on the thread that serves the connection, where it must not
    /// wait.
    ///
    /// @return to be cancelled when it is not wanted any more
    /// @throws java.util.concurrent.RejectedExecutionException if the server is stopping
    Future<?> later(Runnable action, long millis);

    /// Whether the connection is gone, so that nobody waits for the answer any more.
    boolean isGone();
}

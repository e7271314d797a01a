package io.millrace.gateway.kafka.request;

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

    /// Whether the connection is gone, so that nobody waits for the answer any more.
    boolean isGone();
}

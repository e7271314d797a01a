package io.millrace.gateway.kafka.group.state;

import org.apache.kafka.common.protocol.Errors;

/// Where the answer to one request goes, once.
///
/// @param <T> the response
public interface Reply<T> {
    void send(T response);

    /// The response in which all that was asked for failed.
    void refuse(Errors error);
}

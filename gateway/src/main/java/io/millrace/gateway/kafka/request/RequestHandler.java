package io.millrace.gateway.kafka.request;

/// Answers one kind of request.
@FunctionalInterface
public interface RequestHandler {
    /// On the connection's event loop, which must not be kept waiting: what may block goes to a
    /// virtual thread.
    ///
    /// What is thrown becomes the error answer of that API: a [io.millrace.error.MillraceException]
    /// with its code, anything else as an unknown server error.
    void handle(KafkaRequest request, Answer answer);
}

package io.millrace.gateway.kafka.wire;

/// Bytes that are no request, or one for which the protocol has no error answer: all that can be
/// done is to close the connection.
public final class MalformedRequestException extends Exception {
    private static final long serialVersionUID = 1;

    public MalformedRequestException(String reason) {
        // Whoever sends such bytes shall not have the server walk its stack for each of them.
        super(reason, null, false, false);
    }
}

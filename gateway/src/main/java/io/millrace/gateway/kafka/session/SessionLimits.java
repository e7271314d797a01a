package io.millrace.gateway.kafka.session;

import java.time.Duration;

/// What one connection may use up.
///
/// @param requestsMax requests in progress; the next ones wait in the socket
/// @param answerBytesMax bytes of answers that the client has not taken yet; with more, its next
///   requests wait in the socket
/// @param stallMax how long a client may take nothing of what it is sent before its connection is
///   closed, and how long a request may take to arrive
public record SessionLimits(int requestsMax, int answerBytesMax, Duration stallMax) {
    public static final SessionLimits DEFAULT =
            new SessionLimits(64, 1 << 20, Duration.ofSeconds(60));
}

package io.millrace.gateway.kafka.transaction;

import java.time.Duration;

/// What the coordinator allows.
///
/// @param timeoutMax how long a producer may let its transactions take
/// @param idleMax after so long without use a transactional id is forgotten
/// @param idsMax transactional ids that are known at once
public record TransactionLimits(Duration timeoutMax, Duration idleMax, int idsMax) {
    public static final TransactionLimits DEFAULTS =
            new TransactionLimits(Duration.ofMinutes(15), Duration.ofDays(7), 100_000);
}

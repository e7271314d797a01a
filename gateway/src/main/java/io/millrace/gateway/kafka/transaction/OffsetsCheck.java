package io.millrace.gateway.kafka.transaction;

import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/// Says whether a producer may commit offsets of a group in its transaction now. Thread-safe.
public interface OffsetsCheck {
    /// Never blocks.
    ///
    /// @param joins whether the offsets become part of the transaction by this (TxnOffsetCommit
    ///   from version 5 on, KIP-890); otherwise they must be part of it already
    /// @param then hears whether it may, on the coordinator's thread. What it hands to the groups'
    ///   own thread right there is handed over before the end of the transaction is
    void check(
            String transactionalId,
            long producerId,
            short producerEpoch,
            boolean joins,
            Consumer<Errors> then);
}

package io.millrace.gateway.kafka.group;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;

/// Says whether a producer may commit offsets of a group in its transaction; the transaction
/// coordinator is one. Thread-safe.
@FunctionalInterface
public interface TransactionGate {
    /// A producer that commits offsets of a group.
    ///
    /// @param mayAdd whether the group becomes a part of the transaction if it is none yet, which
    ///   begins one if need be: clients of transactions version 2 (`TxnOffsetCommit` 5 and later)
    ///   ask for it that way; others must have sent `AddOffsetsToTxn` before
    record Request(
            String transactionalId,
            long producerId,
            short producerEpoch,
            String group,
            boolean mayAdd) {}

    /// @return `NONE` if it may; else what the client is told, such as INVALID_PRODUCER_EPOCH,
    ///   INVALID_TXN_STATE, INVALID_PRODUCER_ID_MAPPING or CONCURRENT_TRANSACTIONS
    CompletionStage<Errors> admit(Request request);
}

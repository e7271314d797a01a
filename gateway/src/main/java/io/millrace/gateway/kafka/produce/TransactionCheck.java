package io.millrace.gateway.kafka.produce;

import io.millrace.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/// Says whether a transactional producer may write to partitions now; asked before its batches are
/// stored. Thread-safe.
public interface TransactionCheck {
    /// Who wants to write what.
    ///
    /// @param principal who sends the records
    /// @param joins whether the partitions become part of the transaction by this (Produce from
    ///   version 12 on, KIP-890); otherwise they must be part of it already
    record Write(
            Principal principal,
            String transactionalId,
            long producerId,
            short producerEpoch,
            List<TopicPartition> partitions,
            boolean joins) {}

    /// Never blocks. The answers for one producer come in the order of the calls.
    ///
    /// @param then hears, on one thread at a time, which partitions may not be written to and why;
    ///   nothing if all may be. Partitions that join have done so, durably. Batches that it hands
    ///   to their partitions right there are stored before the end of the transaction is, never
    ///   behind it
    void check(Write write, Consumer<Map<TopicPartition, Errors>> then);
}

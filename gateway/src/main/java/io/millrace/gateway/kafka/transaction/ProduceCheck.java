package io.millrace.gateway.kafka.transaction;

import io.millrace.gateway.kafka.produce.TransactionCheck;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Join;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Verify;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/// Asks the coordinator, and gives its answers on the coordinator's thread: a batch that is handed
/// to its partition right there is stored before the marker of its transaction, never behind it.
record ProduceCheck(TransactionCoordinator coordinator) implements TransactionCheck {
    @Override
    public CompletableFuture<Map<TopicPartition, Errors>> check(Write write) {
        CompletableFuture<Map<TopicPartition, Errors>> answer = new CompletableFuture<>();
        if (!TransactionApi.isUsable(write.transactionalId())) {
            answer.complete(all(write, Errors.INVALID_REQUEST));
            return answer;
        }
        ProducerIdentity producer = new ProducerIdentity(write.producerId(), write.producerEpoch());
        SortedSet<PartitionName> partitions = new TreeSet<>();
        for (TopicPartition partition : write.partitions()) {
            partitions.add(new PartitionName(partition.topic(), partition.partition()));
        }
        coordinator.submit(
                write.transactionalId(),
                write.joins()
                        ? new Join(producer, partitions, false)
                        : new Verify(producer, partitions, false),
                outcome -> answer.complete(all(write, told(outcome.error(), write.joins()))));
        return answer;
    }

    /// An error in words that producers know for an answer to what they have sent.
    private static Errors told(Errors error, boolean joins) {
        return switch (error) {
            case PRODUCER_FENCED -> Errors.INVALID_PRODUCER_EPOCH;
            // Nothing was stored, and a moment later it can be.
            case COORDINATOR_NOT_AVAILABLE -> Errors.NOT_ENOUGH_REPLICAS;
            case CONCURRENT_TRANSACTIONS -> joins ? error : Errors.NOT_ENOUGH_REPLICAS;
            case TRANSACTION_ABORTABLE -> joins ? error : Errors.INVALID_TXN_STATE;
            default -> error;
        };
    }

    private static Map<TopicPartition, Errors> all(Write write, Errors error) {
        Map<TopicPartition, Errors> refused = new HashMap<>();
        if (error != Errors.NONE) {
            write.partitions().forEach(partition -> refused.put(partition, error));
        }
        return refused;
    }
}

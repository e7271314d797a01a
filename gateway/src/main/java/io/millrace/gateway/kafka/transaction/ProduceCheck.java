package io.millrace.gateway.kafka.transaction;

import io.millrace.gateway.kafka.produce.TransactionCheck;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Join;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Verify;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/// Asks the coordinator, and gives its answers on the coordinator's thread: a batch that is handed
/// to its partition right there is stored before the marker of its transaction, never behind it.
record ProduceCheck(TransactionCoordinator coordinator, PartitionJoining joining)
        implements TransactionCheck {
    @Override
    public void check(Write write, Consumer<Map<TopicPartition, Errors>> then) {
        if (!TransactionApi.isUsable(write.transactionalId())) {
            then.accept(all(write, Errors.INVALID_REQUEST));
            return;
        }
        Map<TopicPartition, Errors> unfit = new HashMap<>();
        SortedSet<PartitionName> partitions = new TreeSet<>();
        for (TopicPartition each : write.partitions()) {
            PartitionName partition = new PartitionName(each.topic(), each.partition());
            Errors error = joining.unfit(write.principal(), partition);
            if (error == Errors.NONE) {
                partitions.add(partition);
            } else {
                unfit.put(each, error);
            }
        }
        if (partitions.isEmpty()) {
            then.accept(unfit);
            return;
        }
        ProducerIdentity producer = new ProducerIdentity(write.producerId(), write.producerEpoch());
        coordinator.submit(
                write.transactionalId(),
                write.joins()
                        ? new Join(producer, partitions, false)
                        : new Verify(producer, partitions, false),
                outcome ->
                        then.accept(
                                outcome.error() == Errors.NONE
                                        ? unfit
                                        : all(write, told(outcome.error(), write.joins()))));
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
        write.partitions().forEach(partition -> refused.put(partition, error));
        return refused;
    }
}

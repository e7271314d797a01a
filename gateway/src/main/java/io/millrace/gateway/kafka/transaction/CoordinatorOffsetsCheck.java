package io.millrace.gateway.kafka.transaction;

import io.millrace.gateway.kafka.transaction.TransactionCommand.Join;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Verify;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.protocol.Errors;

/// Asks the coordinator.
record CoordinatorOffsetsCheck(TransactionCoordinator coordinator) implements OffsetsCheck {
    @Override
    public CompletableFuture<Errors> check(
            String transactionalId, long producerId, short producerEpoch, boolean joins) {
        if (!TransactionApi.isUsable(transactionalId)) {
            return CompletableFuture.completedFuture(Errors.INVALID_REQUEST);
        }
        ProducerIdentity producer = new ProducerIdentity(producerId, producerEpoch);
        CompletableFuture<Errors> answer = new CompletableFuture<>();
        coordinator.submit(
                transactionalId,
                joins
                        ? new Join(producer, new TreeSet<>(), true)
                        : new Verify(producer, new TreeSet<>(), true),
                outcome ->
                        answer.complete(
                                outcome.error() == Errors.TRANSACTION_ABORTABLE && !joins
                                        ? Errors.INVALID_TXN_STATE
                                        : outcome.error()));
        return answer;
    }
}

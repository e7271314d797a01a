package io.millrace.gateway.kafka.transaction;

import io.millrace.gateway.kafka.transaction.TransactionCommand.Join;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Verify;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/// Asks the coordinator.
record CoordinatorOffsetsCheck(TransactionCoordinator coordinator) implements OffsetsCheck {
    @Override
    public void check(
            String transactionalId,
            long producerId,
            short producerEpoch,
            boolean joins,
            Consumer<Errors> then) {
        if (!TransactionApi.isUsable(transactionalId)) {
            then.accept(Errors.INVALID_REQUEST);
            return;
        }
        ProducerIdentity producer = new ProducerIdentity(producerId, producerEpoch);
        coordinator.submit(
                transactionalId,
                joins
                        ? new Join(producer, new TreeSet<>(), true)
                        : new Verify(producer, new TreeSet<>(), true),
                outcome ->
                        then.accept(
                                outcome.error() == Errors.TRANSACTION_ABORTABLE && !joins
                                        ? Errors.INVALID_TXN_STATE
                                        : outcome.error()));
    }
}

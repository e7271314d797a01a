package io.millrace.gateway.kafka.transaction;

import io.millrace.broker.Topics;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Join;
import io.millrace.gateway.kafka.transaction.TransactionCommand.Verify;
import io.millrace.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnPartitionResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResultCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResultCollection;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// AddPartitionsToTxn: a producer names the partitions that it is going to write to.
final class PartitionJoining {
    /// From here on a request holds several transactions, and may only ask.
    private static final short BATCHED = 4;

    /// From here on it is known that a transaction can be aborted to get on.
    private static final short KNOWS_ABORTABLE = 5;

    /// Where the server itself writes.
    private static final String OWN_STREAM = "millrace";

    private final TransactionCoordinator coordinator;
    private final Topics topics;

    PartitionJoining(TransactionCoordinator coordinator, Topics topics) {
        this.coordinator = coordinator;
        this.topics = topics;
    }

    void handle(KafkaRequest request, Answer answer) {
        AddPartitionsToTxnRequestData data = (AddPartitionsToTxnRequestData) request.message();
        if (request.version() < BATCHED) {
            AddPartitionsToTxnTransaction only =
                    new AddPartitionsToTxnTransaction()
                            .setTransactionalId(data.v3AndBelowTransactionalId())
                            .setProducerId(data.v3AndBelowProducerId())
                            .setProducerEpoch(data.v3AndBelowProducerEpoch())
                            .setTopics(data.v3AndBelowTopics());
            join(
                    request,
                    only,
                    results ->
                            answer.send(
                                    new AddPartitionsToTxnResponseData()
                                            .setResultsByTopicV3AndBelow(results)));
            return;
        }
        List<CompletableFuture<AddPartitionsToTxnResult>> all =
                data.transactions().stream().map(each -> joined(request, each)).toList();
        var _ =
                CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                        .thenRun(() -> {
                            AddPartitionsToTxnResultCollection results =
                                    new AddPartitionsToTxnResultCollection();
                            all.forEach(each -> results.add(each.join()));
                            answer.send(
                                    new AddPartitionsToTxnResponseData()
                                            .setResultsByTransaction(results));
                        });
    }

    private CompletableFuture<AddPartitionsToTxnResult> joined(
            KafkaRequest request, AddPartitionsToTxnTransaction transaction) {
        CompletableFuture<AddPartitionsToTxnResult> result = new CompletableFuture<>();
        join(
                request,
                transaction,
                topicResults ->
                        result.complete(
                                new AddPartitionsToTxnResult()
                                        .setTransactionalId(transaction.transactionalId())
                                        .setTopicResults(topicResults)));
        return result;
    }

    private void join(
            KafkaRequest request,
            AddPartitionsToTxnTransaction transaction,
            Consumer<AddPartitionsToTxnTopicResultCollection> reply) {
        SortedSet<PartitionName> partitions = names(transaction.topics());
        if (!TransactionApi.isUsable(transaction.transactionalId())) {
            reply.accept(results(partitions, Map.of(), Errors.INVALID_REQUEST));
            return;
        }
        Map<PartitionName, Errors> unfit = new TreeMap<>();
        for (PartitionName partition : partitions) {
            Errors error = unfit(request.peer().principal(), partition);
            if (error != Errors.NONE) {
                unfit.put(partition, error);
            }
        }
        if (!unfit.isEmpty()) {
            reply.accept(results(partitions, unfit, Errors.OPERATION_NOT_ATTEMPTED));
            return;
        }
        ProducerIdentity producer =
                new ProducerIdentity(transaction.producerId(), transaction.producerEpoch());
        coordinator.submit(
                transaction.transactionalId(),
                transaction.verifyOnly()
                        ? new Verify(producer, partitions, false)
                        : new Join(producer, partitions, false),
                outcome ->
                        reply.accept(
                                results(
                                        partitions,
                                        Map.of(),
                                        told(outcome.error(), request.version()))));
    }

    private static Errors told(Errors error, short version) {
        return error == Errors.TRANSACTION_ABORTABLE && version < KNOWS_ABORTABLE
                ? Errors.INVALID_TXN_STATE
                : TransactionApi.told(error, version);
    }

    /// Why a partition can have no part in a transaction; none if it can.
    Errors unfit(Principal principal, PartitionName partition) {
        Topics.@Nullable Topic topic = topics.find(principal, partition.topic());
        if (topic == null
                || partition.partition() < 0
                || partition.partition() >= topic.partitions()) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return switch (topic.kind()) {
            case STREAM ->
                    // Who may not write there must not have a marker stored there either.
                    topic.resource().equals(OWN_STREAM)
                                    || !topics.mayAppend(principal, topic.name())
                            ? Errors.TOPIC_AUTHORIZATION_FAILED
                            : Errors.NONE;
            // Jobs count when they are in the queue: there is nothing that could be taken back.
            case QUEUE -> Errors.UNSUPPORTED_FOR_MESSAGE_FORMAT;
        };
    }

    private static SortedSet<PartitionName> names(AddPartitionsToTxnTopicCollection topics) {
        SortedSet<PartitionName> names = new TreeSet<>();
        for (AddPartitionsToTxnTopic topic : topics) {
            for (int partition : topic.partitions()) {
                names.add(new PartitionName(topic.name(), partition));
            }
        }
        return names;
    }

    private static AddPartitionsToTxnTopicResultCollection results(
            SortedSet<PartitionName> partitions, Map<PartitionName, Errors> own, Errors otherwise) {
        AddPartitionsToTxnTopicResultCollection results =
                new AddPartitionsToTxnTopicResultCollection();
        for (PartitionName partition : partitions) {
            AddPartitionsToTxnTopicResult topic = results.find(partition.topic());
            if (topic == null) {
                topic = new AddPartitionsToTxnTopicResult().setName(partition.topic());
                results.add(topic);
            }
            topic.resultsByPartition()
                    .add(
                            new AddPartitionsToTxnPartitionResult()
                                    .setPartitionIndex(partition.partition())
                                    .setPartitionErrorCode(
                                            own.getOrDefault(partition, otherwise).code()));
        }
        return results;
    }
}

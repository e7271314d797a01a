package io.millrace.gateway.kafka.transaction;

import io.millrace.broker.Topics;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.serial.Serial;
import io.millrace.gateway.kafka.wire.KafkaErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What operators ask about transactions and producers.
final class TransactionReports {
    private final TransactionCoordinator coordinator;
    private final Topics topics;
    private final Serial serial;

    TransactionReports(TransactionCoordinator coordinator, Topics topics, Serial serial) {
        this.coordinator = coordinator;
        this.topics = topics;
        this.serial = serial;
    }

    void describeTransactions(KafkaRequest request, Answer answer) {
        DescribeTransactionsRequestData data = (DescribeTransactionsRequestData) request.message();
        coordinator.view(all -> {
            DescribeTransactionsResponseData response = new DescribeTransactionsResponseData();
            for (String id : data.transactionalIds()) {
                response.transactionStates().add(described(id, all.get(id)));
            }
            answer.send(response);
        });
    }

    private static DescribeTransactionsResponseData.TransactionState described(
            String id, @Nullable Transaction known) {
        DescribeTransactionsResponseData.TransactionState described =
                new DescribeTransactionsResponseData.TransactionState().setTransactionalId(id);
        if (known == null) {
            Errors error =
                    id.isEmpty() ? Errors.INVALID_REQUEST : Errors.TRANSACTIONAL_ID_NOT_FOUND;
            return described.setErrorCode(error.code());
        }
        for (PartitionName partition : known.partitions()) {
            TopicData topic = described.topics().find(partition.topic());
            if (topic == null) {
                topic = new TopicData().setTopic(partition.topic());
                described.topics().add(topic);
            }
            topic.partitions().add(partition.partition());
        }
        return described
                .setProducerId(known.producer().producerId())
                .setProducerEpoch(known.producer().epoch())
                .setTransactionState(known.state().protocolName())
                .setTransactionTimeoutMs(known.timeoutMillis())
                .setTransactionStartTimeMs(known.startMillis());
    }

    void listTransactions(KafkaRequest request, Answer answer) {
        ListTransactionsRequestData data = (ListTransactionsRequestData) request.message();
        List<TransactionState> states = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String name : data.stateFilters()) {
            TransactionState state = TransactionState.of(name);
            if (state == null) {
                unknown.add(name);
            } else {
                states.add(state);
            }
        }
        boolean anyState = data.stateFilters().isEmpty();
        coordinator.view(all -> {
            List<ListTransactionsResponseData.TransactionState> listed = new ArrayList<>();
            for (Transaction known : new TreeMap<>(all).values()) {
                if ((anyState || states.contains(known.state())) && isAskedFor(known, data)) {
                    listed.add(listed(known));
                }
            }
            answer.send(
                    new ListTransactionsResponseData()
                            .setUnknownStateFilters(unknown)
                            .setTransactionStates(listed));
        });
    }

    private boolean isAskedFor(Transaction known, ListTransactionsRequestData data) {
        boolean isProducer =
                data.producerIdFilters().isEmpty()
                        || data.producerIdFilters().contains(known.producer().producerId());
        boolean isOldEnough =
                data.durationFilter() < 0
                        || (!known.state().isAtRest()
                                && serial.nowMillis() - known.startMillis()
                                        > data.durationFilter());
        return isProducer && isOldEnough;
    }

    private static ListTransactionsResponseData.TransactionState listed(Transaction known) {
        return new ListTransactionsResponseData.TransactionState()
                .setTransactionalId(known.id())
                .setProducerId(known.producer().producerId())
                .setTransactionState(known.state().protocolName());
    }

    void describeProducers(KafkaRequest request, Answer answer) {
        Thread.ofVirtual().name("kafka-producers").start(() -> answer.send(producers(request)));
    }

    private DescribeProducersResponseData producers(KafkaRequest request) {
        DescribeProducersRequestData data = (DescribeProducersRequestData) request.message();
        DescribeProducersResponseData response = new DescribeProducersResponseData();
        for (TopicRequest topic : data.topics()) {
            TopicResponse described = new TopicResponse().setName(topic.name());
            for (int partition : topic.partitionIndexes()) {
                described.partitions().add(producers(request, topic.name(), partition));
            }
            response.topics().add(described);
        }
        return response;
    }

    private PartitionResponse producers(KafkaRequest request, String topic, int partition) {
        PartitionResponse response = new PartitionResponse().setPartitionIndex(partition);
        try {
            for (Topics.Producer producer :
                    topics.producers(request.peer().principal(), topic, partition)) {
                response.activeProducers()
                        .add(
                                new ProducerState()
                                        .setProducerId(producer.id())
                                        .setProducerEpoch(producer.epoch())
                                        .setLastSequence(producer.lastSequence())
                                        .setLastTimestamp(producer.lastMillis())
                                        .setCoordinatorEpoch(producer.coordinatorEpoch())
                                        .setCurrentTxnStartOffset(producer.transactionStart()));
            }
        } catch (MillraceException e) {
            response.setErrorCode(KafkaErrors.of(e).code()).setErrorMessage(e.getMessage());
        }
        return response;
    }
}

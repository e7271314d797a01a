package io.millrace.gateway.kafka.produce;

import io.millrace.broker.Topics;
import io.millrace.broker.Topics.Topic;
import io.millrace.gateway.kafka.metadata.TopicNames;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.RequestHandler;
import io.millrace.gateway.kafka.wire.RequestRecords;
import io.millrace.log.ProducedBatch;
import io.millrace.log.batch.BatchFormat;
import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Produce: hands the batches of a request to their topics as they lie in the request, and answers
/// when all are stored.
public final class ProduceApi {
    /// From here on topics are named by their ids.
    private static final int IDS_FROM = 13;

    /// From here on partitions join a transaction by being written to (KIP-890).
    private static final int JOINS_FROM = 12;

    private static final short ACKS_MIN = -1;
    private static final short ACKS_MAX = 1;

    private final Topics topics;
    private final TransactionCheck transactions;

    public ProduceApi(Topics topics, TransactionCheck transactions) {
        this.topics = topics;
        this.transactions = transactions;
    }

    /// Its requests.
    public Map<ApiKeys, RequestHandler> handlers() {
        return Map.of(ApiKeys.PRODUCE, this::handle);
    }

    /// One partition's batch.
    private record Part(
            String topic,
            PartitionProduceResponse response,
            @Nullable ProducedBatch batch,
            Errors error,
            String message) {
        TopicPartition place() {
            return new TopicPartition(topic, response.index());
        }
    }

    private void handle(KafkaRequest request, Answer answer) {
        ProduceRequestData data = (ProduceRequestData) request.message();
        Principal principal = request.peer().principal();
        if (data.acks() < ACKS_MIN || data.acks() > ACKS_MAX) {
            throw Errors.INVALID_REQUIRED_ACKS.exception();
        }
        List<Part> parts = new ArrayList<>();
        PendingProduce pending = new PendingProduce(answer, data.acks() != 0);
        for (TopicProduceData topic : data.topicData()) {
            Topic byId =
                    request.version() < IDS_FROM
                            ? null
                            : topics.find(principal, TopicNames.java(topic.topicId()));
            boolean unknown = request.version() >= IDS_FROM && byId == null;
            String name = byId == null ? topic.name() : byId.name();
            TopicProduceResponse answered =
                    new TopicProduceResponse().setName(name).setTopicId(topic.topicId());
            pending.add(answered);
            for (PartitionProduceData partition : topic.partitionData()) {
                PartitionProduceResponse own =
                        new PartitionProduceResponse().setIndex(partition.index());
                answered.partitionResponses().add(own);
                parts.add(unknown ? unknown(own) : part(name, partition, own));
            }
        }
        pending.expect(parts.size());
        String transactionalId = data.transactionalId();
        Errors mixed = mixed(transactionalId, parts);
        if (mixed != Errors.NONE) {
            parts.forEach(part -> pending.failed(part.response, mixed, mixed.message()));
        } else if (transactionalId == null) {
            parts.forEach(part -> append(principal, part, pending));
        } else {
            checked(transactionalId, request, parts, pending);
        }
    }

    /// Records of a transaction come with its id, and all from one producer: only what the
    /// coordinator knows of can be ended.
    private static Errors mixed(@Nullable String transactionalId, List<Part> parts) {
        ProducedBatch first = null;
        for (Part part : parts) {
            ProducedBatch batch = part.batch;
            if (batch == null || !batch.isTransactional()) {
                continue;
            }
            if (transactionalId == null) {
                return Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
            }
            if (first != null
                    && (first.producerId() != batch.producerId()
                            || first.producerEpoch() != batch.producerEpoch())) {
                return Errors.INVALID_PRODUCER_ID_MAPPING;
            }
            first = batch;
        }
        return Errors.NONE;
    }

    private static Part unknown(PartitionProduceResponse response) {
        return new Part(
                "", response, null, Errors.UNKNOWN_TOPIC_ID, Errors.UNKNOWN_TOPIC_ID.message());
    }

    private static Part part(
            String topic, PartitionProduceData partition, PartitionProduceResponse response) {
        RequestRecords records = RequestRecords.of(partition);
        String problem = records == null ? "there are no records" : problem(records);
        if (records == null || problem != null) {
            boolean damaged = records != null && records.length() > 0;
            return new Part(
                    topic,
                    response,
                    null,
                    damaged ? Errors.CORRUPT_MESSAGE : Errors.INVALID_RECORD,
                    String.valueOf(problem));
        }
        return new Part(
                topic,
                response,
                new ProducedBatch(records.bytes(), records.from()),
                Errors.NONE,
                "");
    }

    /// What keeps bytes from being one batch at all; all else is found where it is stored.
    private static @Nullable String problem(RequestRecords records) {
        if (records.length() < BatchFormat.HEADER_BYTES) {
            return "%d bytes are no record batch".formatted(records.length());
        }
        byte magic = records.bytes()[records.from() + BatchFormat.MAGIC_AT];
        if (magic != BatchFormat.MAGIC) {
            return "a record batch of version %d; only 2 is supported".formatted(magic);
        }
        int size = BatchFormat.size(records.bytes(), records.from());
        return size == records.length()
                ? null
                : "a record batch of %d bytes in %d bytes; there must be exactly one"
                        .formatted(size, records.length());
    }

    private void append(Principal principal, Part part, PendingProduce pending) {
        ProducedBatch batch = part.batch;
        if (batch == null) {
            pending.failed(part.response, part.error, part.message);
        } else {
            topics.append(
                    principal,
                    part.topic,
                    part.response.index(),
                    batch,
                    pending.reply(part.response));
        }
    }

    private void checked(
            String transactionalId,
            KafkaRequest request,
            List<Part> parts,
            PendingProduce pending) {
        Principal principal = request.peer().principal();
        ProducedBatch first =
                parts.stream()
                        .map(Part::batch)
                        .filter(batch -> batch != null && batch.isTransactional())
                        .findFirst()
                        .orElse(null);
        if (first == null) {
            parts.forEach(part -> append(principal, part, pending));
            return;
        }
        TransactionCheck.Write write =
                new TransactionCheck.Write(
                        principal,
                        transactionalId,
                        first.producerId(),
                        first.producerEpoch(),
                        parts.stream().filter(part -> part.batch != null).map(Part::place).toList(),
                        request.version() >= JOINS_FROM);
        transactions.check(
                write,
                refused -> {
                    for (Part part : parts) {
                        appendUnless(refused, principal, part, pending);
                    }
                });
    }

    private void appendUnless(
            Map<TopicPartition, Errors> refused,
            Principal principal,
            Part part,
            PendingProduce pending) {
        Errors error = part.batch == null ? null : refused.get(part.place());
        if (error == null) {
            append(principal, part, pending);
        } else {
            pending.failed(part.response, error, error.message());
        }
    }
}

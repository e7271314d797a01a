package io.millrace.gateway.kafka.group;

import io.millrace.broker.Topics;
import io.millrace.broker.Topics.Topic;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.group.classic.ClassicRequests.Committer;
import io.millrace.gateway.kafka.group.offset.Offset;
import io.millrace.gateway.kafka.group.offset.Place;
import io.millrace.gateway.kafka.group.state.Reply;
import io.millrace.gateway.kafka.group.state.Turn;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.RequestHandler;
import io.millrace.gateway.kafka.transaction.OffsetsCheck;
import io.millrace.gateway.kafka.transaction.TransactionalOffsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// TxnOffsetCommit, and what the transaction coordinator has done when a transaction ends.
final class Transactions implements RequestHandler, TransactionalOffsets {
    private static final int MAY_ADD_GROUP = 5;
    private static final int HAS_TOPIC_IDS = 6;
    private static final int PRODUCERS_MAX = 10_000;

    private final GroupCoordinator coordinator;
    private final Topics topics;
    private final OffsetsCheck check;
    private final Checks checks;

    /// The highest epoch that has been ended of each producer, of those that were heard of last:
    /// whatever comes late from a producer that was fenced is refused. Only for the coordinator's
    /// thread.
    private final Map<Long, Short> ended =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, Short> eldest) {
                    return size() > PRODUCERS_MAX;
                }
            };

    Transactions(GroupCoordinator coordinator, Topics topics, OffsetsCheck check) {
        this.coordinator = coordinator;
        this.topics = topics;
        this.check = check;
        this.checks = new Checks(coordinator.config());
    }

    @Override
    public void handle(KafkaRequest request, Answer answer) {
        TxnOffsetCommitRequestData data = (TxnOffsetCommitRequestData) request.message();
        Reply<TxnOffsetCommitResponseData> reply =
                new AnswerReply<>(answer, error -> answer(data, (_, _) -> error));
        check.check(
                data.transactionalId(),
                data.producerId(),
                data.producerEpoch(),
                request.version() >= MAY_ADD_GROUP,
                error -> {
                    if (error == Errors.NONE) {
                        coordinator.submit(reply, turn -> add(request, data, reply, turn));
                    } else {
                        reply.refuse(error);
                    }
                });
    }

    private void add(
            KafkaRequest request,
            TxnOffsetCommitRequestData data,
            Reply<TxnOffsetCommitResponseData> reply,
            Turn turn) {
        checks.groupIdOrEmpty(data.groupId());
        GroupEntry entry = coordinator.groups().find(data.groupId());
        Committer committer =
                new Committer(
                        data.memberId(), data.groupInstanceId(), data.generationIdOrMemberEpoch());
        Errors error = CommitChecks.transaction(entry, committer);
        if (ended.getOrDefault(data.producerId(), (short) -1) > data.producerEpoch()) {
            error = Errors.INVALID_PRODUCER_EPOCH;
        }
        if (error != Errors.NONE) {
            turn.refuse(reply, error);
            return;
        }
        TopicLookup lookup =
                new TopicLookup(
                        topics, request.peer().principal(), request.version() >= HAS_TOPIC_IDS);
        Map<Place, Offset> offsets = new LinkedHashMap<>();
        TxnOffsetCommitResponseData response =
                answer(data, (topic, each) -> take(lookup, topic, each, offsets, turn.now()));
        if (!offsets.isEmpty()) {
            entry = coordinator.groups().obtain(data.groupId());
            boolean isAdded =
                    entry.offsets()
                            .addPending(data.producerId(), data.producerEpoch(), offsets, turn);
            if (!isAdded) {
                turn.refuse(reply, Errors.INVALID_PRODUCER_EPOCH);
                return;
            }
        }
        turn.send(reply, response);
    }

    private Errors take(
            TopicLookup lookup,
            TxnOffsetCommitRequestTopic asked,
            TxnOffsetCommitRequestPartition each,
            Map<Place, Offset> offsets,
            long now) {
        Topic topic = lookup.find(asked.name(), asked.topicId());
        Errors error = lookup.check(topic, each.partitionIndex());
        if (error == Errors.NONE && checks.isMetadataTooLong(each.committedMetadata())) {
            error = Errors.OFFSET_METADATA_TOO_LARGE;
        }
        if (error == Errors.NONE && topic != null) {
            offsets.put(
                    new Place(topic.name(), topic.id(), each.partitionIndex()),
                    new Offset(
                            each.committedOffset(),
                            each.committedLeaderEpoch(),
                            CommitHandler.text(each.committedMetadata()),
                            now,
                            -1));
        }
        return error;
    }

    private static TxnOffsetCommitResponseData answer(
            TxnOffsetCommitRequestData data,
            BiFunction<TxnOffsetCommitRequestTopic, TxnOffsetCommitRequestPartition, Errors>
                    outcome) {
        TxnOffsetCommitResponseData response = new TxnOffsetCommitResponseData();
        for (TxnOffsetCommitRequestTopic asked : data.topics()) {
            TxnOffsetCommitResponseTopic topic =
                    new TxnOffsetCommitResponseTopic()
                            .setName(asked.name())
                            .setTopicId(asked.topicId());
            for (TxnOffsetCommitRequestPartition each : asked.partitions()) {
                topic.partitions()
                        .add(
                                new TxnOffsetCommitResponsePartition()
                                        .setPartitionIndex(each.partitionIndex())
                                        .setErrorCode(outcome.apply(asked, each).code()));
            }
            response.topics().add(topic);
        }
        return response;
    }

    @Override
    public CompletableFuture<@Nullable Void> complete(
            long producerId, short epoch, boolean isCommit) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        Reply<Boolean> reply = new FutureReply(done);
        coordinator.submit(
                reply,
                turn -> {
                    ended.merge(producerId, epoch, (a, b) -> a > b ? a : b);
                    for (GroupEntry entry : coordinator.groups().all()) {
                        entry.offsets().complete(producerId, epoch, isCommit, turn);
                    }
                    turn.send(reply, true);
                });
        return done;
    }

    private record FutureReply(CompletableFuture<@Nullable Void> done) implements Reply<Boolean> {
        @Override
        public void send(Boolean response) {
            done.complete(null);
        }

        @Override
        public void refuse(Errors error) {
            done.completeExceptionally(
                    new MillraceException(
                            ErrorCode.OVERLOADED,
                            "the groups' offsets cannot be changed now: " + error.message()));
        }
    }
}

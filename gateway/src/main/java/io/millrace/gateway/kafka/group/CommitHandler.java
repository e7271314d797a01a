package io.millrace.gateway.kafka.group;

import io.millrace.broker.Topics;
import io.millrace.broker.Topics.Topic;
import io.millrace.gateway.kafka.group.classic.ClassicRequests.Committer;
import io.millrace.gateway.kafka.group.offset.Offset;
import io.millrace.gateway.kafka.group.state.Reply;
import io.millrace.gateway.kafka.group.state.Turn;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.RequestHandler;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// OffsetCommit.
final class CommitHandler implements RequestHandler {
    private static final int HAS_TOPIC_IDS = 10;

    private final GroupCoordinator coordinator;
    private final Topics topics;
    private final Checks checks;

    CommitHandler(GroupCoordinator coordinator, Topics topics) {
        this.coordinator = coordinator;
        this.topics = topics;
        this.checks = new Checks(coordinator.config());
    }

    @Override
    public void handle(KafkaRequest request, Answer answer) {
        OffsetCommitRequestData data = (OffsetCommitRequestData) request.message();
        Reply<OffsetCommitResponseData> reply =
                new AnswerReply<>(answer, error -> refused(data, error));
        coordinator.submit(reply, turn -> commit(request, data, reply, turn));
    }

    private void commit(
            KafkaRequest request,
            OffsetCommitRequestData data,
            Reply<OffsetCommitResponseData> reply,
            Turn turn) {
        checks.groupIdOrEmpty(data.groupId());
        GroupEntry entry = coordinator.groups().find(data.groupId());
        Committer committer =
                new Committer(
                        data.memberId(), data.groupInstanceId(), data.generationIdOrMemberEpoch());
        Errors error = CommitChecks.commit(entry, committer, request.version(), turn);
        if (error != Errors.NONE) {
            turn.refuse(reply, error);
            return;
        }
        entry = coordinator.groups().obtain(data.groupId());
        TopicLookup lookup =
                new TopicLookup(
                        topics, request.peer().principal(), request.version() >= HAS_TOPIC_IDS);
        long expires = data.retentionTimeMs() < 0 ? -1 : turn.now() + data.retentionTimeMs();
        OffsetCommitResponseData response = new OffsetCommitResponseData();
        for (OffsetCommitRequestTopic asked : data.topics()) {
            Topic topic = lookup.find(asked.name(), asked.topicId());
            OffsetCommitResponseTopic answered = named(asked);
            for (OffsetCommitRequestPartition each : asked.partitions()) {
                Errors outcome = lookup.check(topic, each.partitionIndex());
                if (outcome == Errors.NONE && checks.isMetadataTooLong(each.committedMetadata())) {
                    outcome = Errors.OFFSET_METADATA_TOO_LARGE;
                }
                if (outcome == Errors.NONE && topic != null) {
                    Offset offset = offset(each, turn.now(), expires);
                    entry.offsets()
                            .commit(topic.name(), topic.id(), each.partitionIndex(), offset, turn);
                }
                answered.partitions().add(of(each.partitionIndex(), outcome));
            }
            response.topics().add(answered);
        }
        entry.offsets().store(turn);
        turn.send(reply, response);
    }

    private static Offset offset(OffsetCommitRequestPartition each, long now, long expires) {
        return new Offset(
                each.committedOffset(),
                each.committedLeaderEpoch(),
                text(each.committedMetadata()),
                now,
                expires);
    }

    static String text(@Nullable String metadata) {
        return metadata == null ? "" : metadata;
    }

    private static OffsetCommitResponseTopic named(OffsetCommitRequestTopic asked) {
        return new OffsetCommitResponseTopic().setName(asked.name()).setTopicId(asked.topicId());
    }

    private static OffsetCommitResponsePartition of(int partition, Errors error) {
        return new OffsetCommitResponsePartition()
                .setPartitionIndex(partition)
                .setErrorCode(error.code());
    }

    private static OffsetCommitResponseData refused(OffsetCommitRequestData data, Errors error) {
        OffsetCommitResponseData response = new OffsetCommitResponseData();
        for (OffsetCommitRequestTopic asked : data.topics()) {
            OffsetCommitResponseTopic answered = named(asked);
            asked.partitions()
                    .forEach(each -> answered.partitions().add(of(each.partitionIndex(), error)));
            response.topics().add(answered);
        }
        return response;
    }
}

package io.millrace.gateway.kafka.share;

import io.millrace.broker.share.Share;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData.PartitionData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData.ShareAcknowledgeTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Answers ShareAcknowledge. Thread-safe.
final class ShareAcknowledging {
    private final ShareGround ground;
    private final ShareSessions sessions;

    ShareAcknowledging(ShareGround ground, ShareSessions sessions) {
        this.ground = ground;
        this.sessions = sessions;
    }

    private static ShareAcknowledgeResponseData refusal(Errors error, @Nullable String message) {
        return new ShareAcknowledgeResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(message == null ? error.message() : message);
    }

    void handle(KafkaRequest request, Answer answer) {
        ShareAcknowledgeRequestData data = (ShareAcknowledgeRequestData) request.message();
        SessionStep step =
                new SessionStep(
                        Objects.requireNonNullElse(data.groupId(), ""),
                        Objects.requireNonNullElse(data.memberId(), ""),
                        data.shareSessionEpoch(),
                        false,
                        request.peer());
        long now = ground.serial().nowMillis();
        switch (step.take(sessions, now)) {
            case SessionStep.Refused(Errors error, String message) ->
                    answer.send(refusal(error, message));
            case SessionStep.Taken(ShareMember member) ->
                    settle(data, answer, member, step.isLast());
        }
    }

    private void settle(
            ShareAcknowledgeRequestData data, Answer answer, ShareMember member, boolean isLast) {
        ShareAcknowledgeResponseData response = new ShareAcknowledgeResponseData();
        CompletableFuture<?> settled =
                Settlements.settle(
                        member,
                        acknowledged(data),
                        data.isRenewAck(),
                        ground.serial().nowMillis(),
                        (partition, error, message) -> add(response, partition, error, message));
        if (isLast) {
            settled = settled.thenCompose(_ -> member.release());
        }
        var _ =
                settled.whenComplete((_, problem) -> {
                    if (problem != null) {
                        answer.send(refusal(Settlements.error(problem), problem.getMessage()));
                    } else {
                        answer.send(response.setAcquisitionLockTimeoutMs(lease(member, data)));
                    }
                });
    }

    private static int lease(ShareMember member, ShareAcknowledgeRequestData data) {
        long least = Integer.MAX_VALUE;
        for (var topic : data.topics()) {
            Share share = member.share(topic.topicId());
            if (share != null) {
                least = Math.min(least, share.lease().toMillis());
            }
        }
        return least == Integer.MAX_VALUE ? 0 : (int) least;
    }

    private static Map<SharedPartition, List<Acknowledged>> acknowledged(
            ShareAcknowledgeRequestData data) {
        Map<SharedPartition, List<Acknowledged>> all = new LinkedHashMap<>();
        for (var topic : data.topics()) {
            for (var partition : topic.partitions()) {
                all.put(
                        new SharedPartition(topic.topicId(), partition.partitionIndex()),
                        partition.acknowledgementBatches().stream()
                                .map(batch ->
                                        new Acknowledged(
                                                batch.firstOffset(),
                                                batch.lastOffset(),
                                                batch.acknowledgeTypes()))
                                .toList());
            }
        }
        return all;
    }

    private static void add(
            ShareAcknowledgeResponseData response,
            SharedPartition partition,
            Errors error,
            @Nullable String message) {
        String text = error == Errors.NONE ? null : error.message();
        PartitionData data =
                new PartitionData()
                        .setPartitionIndex(partition.partition())
                        .setErrorCode(error.code())
                        .setErrorMessage(message == null ? text : message);
        synchronized (response) {
            ShareAcknowledgeTopicResponse topic = response.responses().find(partition.topic());
            if (topic == null) {
                topic = new ShareAcknowledgeTopicResponse().setTopicId(partition.topic());
                response.responses().add(topic);
            }
            topic.partitions().add(data);
        }
    }
}

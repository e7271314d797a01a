package io.millrace.gateway.kafka.share;

import io.millrace.broker.share.Share;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        String group = data.groupId();
        String memberId = data.memberId();
        if (group == null || group.isEmpty() || memberId == null || memberId.isEmpty()) {
            answer.send(refusal(Errors.INVALID_REQUEST, "a group and a member have to be named"));
            return;
        }
        ShareMember member = sessions.find(new ShareMember.Key(group, memberId));
        if (member == null) {
            answer.send(refusal(Errors.SHARE_SESSION_NOT_FOUND, null));
            return;
        }
        long now = ground.serial().nowMillis();
        Errors wrong = member.advance(data.shareSessionEpoch(), false, now);
        if (wrong != Errors.NONE) {
            answer.send(refusal(wrong, null));
            return;
        }
        ShareAcknowledgeResponseData response = new ShareAcknowledgeResponseData();
        CompletableFuture<?> settled =
                Settlements.settle(
                        member,
                        acknowledged(data),
                        data.isRenewAck(),
                        now,
                        (partition, error, message) -> add(response, partition, error, message));
        if (data.shareSessionEpoch() == ShareMember.LAST_EPOCH) {
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

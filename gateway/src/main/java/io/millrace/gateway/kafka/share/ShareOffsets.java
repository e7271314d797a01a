package io.millrace.gateway.kafka.share;

import io.millrace.broker.Topics;
import io.millrace.broker.share.Share;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.security.Principal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData.AlterShareGroupOffsetsResponsePartition;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData.AlterShareGroupOffsetsResponseTopic;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsResponseData.DeleteShareGroupOffsetsResponseTopic;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponseGroup;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponsePartition;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Answers what concerns the offsets of share groups: how far they are, and going elsewhere. Each
/// runs where it may wait.
final class ShareOffsets {
    private final ShareGround ground;
    private final ShareOpening opening;
    private final ShareMembership membership;
    private final KnownGroups known;

    ShareOffsets(
            ShareGround ground,
            ShareOpening opening,
            ShareMembership membership,
            KnownGroups known) {
        this.ground = ground;
        this.opening = opening;
        this.membership = membership;
        this.known = known;
    }

    void describe(KafkaRequest request, Answer answer) {
        DescribeShareGroupOffsetsRequestData data =
                (DescribeShareGroupOffsetsRequestData) request.message();
        Principal principal = request.peer().principal();
        ground.waiting()
                .execute(() -> {
                    DescribeShareGroupOffsetsResponseData response =
                            new DescribeShareGroupOffsetsResponseData();
                    data.groups()
                            .forEach(group -> response.groups().add(describe(principal, group)));
                    answer.send(response);
                });
    }

    private DescribeShareGroupOffsetsResponseGroup describe(
            Principal principal, DescribeShareGroupOffsetsRequestGroup group) {
        DescribeShareGroupOffsetsResponseGroup described =
                new DescribeShareGroupOffsetsResponseGroup().setGroupId(group.groupId());
        if (!known.contains(group.groupId())) {
            return described
                    .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                    .setErrorMessage("there is no share group " + group.groupId());
        }
        List<DescribeShareGroupOffsetsRequestTopic> topics = group.topics();
        if (topics == null) {
            topics =
                    known.topics(group.groupId()).stream()
                            .map(name ->
                                    new DescribeShareGroupOffsetsRequestTopic().setTopicName(name))
                            .toList();
        }
        boolean isAll = group.topics() == null;
        topics.forEach(topic ->
                described.topics().add(describe(principal, group.groupId(), topic, isAll)));
        return described;
    }

    private DescribeShareGroupOffsetsResponseTopic describe(
            Principal principal,
            String group,
            DescribeShareGroupOffsetsRequestTopic asked,
            boolean isAll) {
        Topics.Topic topic = ground.topics().find(principal, asked.topicName());
        DescribeShareGroupOffsetsResponseTopic described =
                new DescribeShareGroupOffsetsResponseTopic().setTopicName(asked.topicName());
        if (topic == null) {
            asked.partitions()
                    .forEach(number ->
                            described
                                    .partitions()
                                    .add(failed(number, Errors.UNKNOWN_TOPIC_OR_PARTITION, null)));
            return described;
        }
        described.setTopicId(ShareOpening.id(topic.id()));
        List<Integer> numbers =
                isAll
                        ? IntStream.range(0, topic.partitions()).boxed().toList()
                        : asked.partitions();
        Map<Integer, Share.Progress> progress = new HashMap<>();
        try {
            Share share = opening.find(principal, group, topic);
            if (share != null) {
                share.progress().forEach(each -> progress.put(each.partition(), each));
            }
        } catch (MillraceException e) {
            Errors error = Settlements.error(e);
            numbers.forEach(
                    number -> described.partitions().add(failed(number, error, e.getMessage())));
            return described;
        }
        for (int number : numbers) {
            Share.Progress found = progress.get(number);
            described
                    .partitions()
                    .add(
                            new DescribeShareGroupOffsetsResponsePartition()
                                    .setPartitionIndex(number)
                                    .setStartOffset(found == null ? -1 : found.start())
                                    .setLag(found == null ? -1 : found.pending()));
        }
        return described;
    }

    private static DescribeShareGroupOffsetsResponsePartition failed(
            int partition, Errors error, @Nullable String message) {
        return new DescribeShareGroupOffsetsResponsePartition()
                .setPartitionIndex(partition)
                .setStartOffset(-1)
                .setErrorCode(error.code())
                .setErrorMessage(message == null ? error.message() : message);
    }

    /// On the serial: what stands against a change of a group's offsets.
    private Errors obstacle(String group) {
        ShareGroup live = membership.find(group);
        if (live != null && !live.members().isEmpty()) {
            return Errors.NON_EMPTY_GROUP;
        }
        return known.contains(group) ? Errors.NONE : Errors.GROUP_ID_NOT_FOUND;
    }

    void alter(KafkaRequest request, Answer answer) {
        AlterShareGroupOffsetsRequestData data =
                (AlterShareGroupOffsetsRequestData) request.message();
        ground.serial()
                .run(() -> {
                    Errors obstacle = obstacle(data.groupId());
                    if (obstacle != Errors.NONE) {
                        answer.send(
                                new AlterShareGroupOffsetsResponseData()
                                        .setErrorCode(obstacle.code())
                                        .setErrorMessage(obstacle.message()));
                        return;
                    }
                    ground.waiting()
                            .execute(() -> {
                                AlterShareGroupOffsetsResponseData response =
                                        new AlterShareGroupOffsetsResponseData();
                                for (var topic : data.topics()) {
                                    response.responses()
                                            .add(
                                                    alter(
                                                            request.peer().principal(),
                                                            data.groupId(),
                                                            topic));
                                }
                                answer.send(response);
                            });
                });
    }

    private AlterShareGroupOffsetsResponseTopic alter(
            Principal principal, String group, AlterShareGroupOffsetsRequestTopic asked) {
        AlterShareGroupOffsetsResponseTopic altered =
                new AlterShareGroupOffsetsResponseTopic().setTopicName(asked.topicName());
        Topics.Topic topic = ground.topics().find(principal, asked.topicName());
        if (topic != null) {
            altered.setTopicId(ShareOpening.id(topic.id()));
        }
        for (var partition : asked.partitions()) {
            AlterShareGroupOffsetsResponsePartition result =
                    new AlterShareGroupOffsetsResponsePartition()
                            .setPartitionIndex(partition.partitionIndex());
            altered.partitions().add(result);
            if (topic == null) {
                result.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
                continue;
            }
            try {
                Share share = opening.open(principal, group, topic);
                if (share.isSeekable()) {
                    share.seek(partition.partitionIndex(), partition.startOffset());
                } else {
                    result.setErrorCode(Errors.INVALID_REQUEST.code())
                            .setErrorMessage(
                                    "each job of a queue is settled once, and no offset brings it back");
                }
            } catch (MillraceException e) {
                result.setErrorCode(Settlements.error(e).code()).setErrorMessage(e.getMessage());
            }
        }
        return altered;
    }

    void delete(KafkaRequest request, Answer answer) {
        DeleteShareGroupOffsetsRequestData data =
                (DeleteShareGroupOffsetsRequestData) request.message();
        ground.serial()
                .run(() -> {
                    Errors obstacle = obstacle(data.groupId());
                    if (obstacle != Errors.NONE) {
                        answer.send(
                                new DeleteShareGroupOffsetsResponseData()
                                        .setErrorCode(obstacle.code())
                                        .setErrorMessage(obstacle.message()));
                        return;
                    }
                    ground.waiting()
                            .execute(() -> {
                                DeleteShareGroupOffsetsResponseData response =
                                        new DeleteShareGroupOffsetsResponseData();
                                data.topics()
                                        .forEach(topic ->
                                                response.responses()
                                                        .add(
                                                                delete(
                                                                        request.peer().principal(),
                                                                        data.groupId(),
                                                                        topic.topicName())));
                                answer.send(response);
                            });
                });
    }

    private DeleteShareGroupOffsetsResponseTopic delete(
            Principal principal, String group, String name) {
        DeleteShareGroupOffsetsResponseTopic deleted =
                new DeleteShareGroupOffsetsResponseTopic().setTopicName(name);
        Topics.Topic topic = ground.topics().find(principal, name);
        if (topic == null) {
            known.remove(group, name);
            return deleted.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        deleted.setTopicId(ShareOpening.id(topic.id()));
        try {
            boolean _ = ground.shares().forget(principal, group, topic);
            known.remove(group, name);
        } catch (MillraceException e) {
            deleted.setErrorCode(Settlements.error(e).code()).setErrorMessage(e.getMessage());
        }
        return deleted;
    }

    /// Deletes a group with everything that was created for it, unless somebody has joined
    /// meanwhile. On the serial; whoever may delete groups was asked before.
    void deleteGroup(String group) {
        if (obstacle(group) != Errors.NONE) {
            return;
        }
        membership.forget(group);
        ground.waiting()
                .execute(() -> {
                    boolean isDone = true;
                    for (String name : known.topics(group)) {
                        Errors outcome =
                                Errors.forCode(delete(Principal.SERVER, group, name).errorCode());
                        isDone &=
                                outcome == Errors.NONE
                                        || outcome == Errors.UNKNOWN_TOPIC_OR_PARTITION;
                    }
                    if (isDone) {
                        known.remove(group);
                    }
                });
    }
}

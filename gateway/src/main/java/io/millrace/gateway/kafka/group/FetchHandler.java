package io.millrace.gateway.kafka.group;

import io.millrace.broker.Topics;
import io.millrace.broker.Topics.Topic;
import io.millrace.gateway.kafka.group.consumer.Catalog;
import io.millrace.gateway.kafka.group.offset.Offset;
import io.millrace.gateway.kafka.group.state.Reply;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.RequestHandler;

import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// OffsetFetch, of one group or several.
final class FetchHandler implements RequestHandler {
    private static final int HAS_GROUP_ERROR = 2;
    private static final int HAS_GROUPS = 8;
    private static final int HAS_TOPIC_IDS = 10;

    private final GroupCoordinator coordinator;
    private final Topics topics;
    private final Checks checks;

    FetchHandler(GroupCoordinator coordinator, Topics topics) {
        this.coordinator = coordinator;
        this.topics = topics;
        this.checks = new Checks(coordinator.config());
    }

    /// @param isStable whether offsets that a transaction may change are not to be told
    /// @param isEldest whether a group's error is told of each partition
    private record Scope(TopicLookup lookup, boolean isStable, boolean isEldest) {}

    @Override
    public void handle(KafkaRequest request, Answer answer) {
        OffsetFetchRequestData data = (OffsetFetchRequestData) request.message();
        boolean isEldest = request.version() < HAS_GROUP_ERROR;
        boolean isOld = request.version() < HAS_GROUPS;
        List<OffsetFetchRequestGroup> asked = isOld ? List.of(group(data)) : data.groups();
        Reply<List<OffsetFetchResponseGroup>> reply =
                new Reply<>() {
                    @Override
                    public void send(List<OffsetFetchResponseGroup> groups) {
                        answer.send(
                                isOld
                                        ? old(groups.getFirst(), request.version())
                                        : new OffsetFetchResponseData().setGroups(groups));
                    }

                    @Override
                    public void refuse(Errors error) {
                        send(asked.stream().map(each -> refused(each, error, isEldest)).toList());
                    }
                };
        coordinator.submit(
                reply,
                turn -> {
                    Scope scope =
                            new Scope(
                                    new TopicLookup(
                                            topics,
                                            request.peer().principal(),
                                            request.version() >= HAS_TOPIC_IDS),
                                    data.requireStable(),
                                    isEldest);
                    turn.send(reply, asked.stream().map(each -> fetch(each, scope)).toList());
                });
    }

    /// The one group of older requests.
    private static OffsetFetchRequestGroup group(OffsetFetchRequestData data) {
        OffsetFetchRequestGroup group = new OffsetFetchRequestGroup().setGroupId(data.groupId());
        if (data.topics() == null) {
            return group.setTopics(null);
        }
        for (OffsetFetchRequestTopic each : data.topics()) {
            group.topics()
                    .add(
                            new OffsetFetchRequestTopics()
                                    .setName(each.name())
                                    .setPartitionIndexes(each.partitionIndexes()));
        }
        return group;
    }

    private OffsetFetchResponseGroup fetch(OffsetFetchRequestGroup asked, Scope scope) {
        checks.groupIdOrEmpty(asked.groupId());
        GroupEntry entry = coordinator.groups().find(asked.groupId());
        Errors error = CommitChecks.fetch(entry, asked.memberId(), asked.memberEpoch());
        if (error != Errors.NONE) {
            return refused(asked, error, scope.isEldest);
        }
        return new OffsetFetchResponseGroup()
                .setGroupId(asked.groupId())
                .setTopics(
                        asked.topics() == null
                                ? everything(entry, scope)
                                : some(entry, asked.topics(), scope));
    }

    private static List<OffsetFetchResponseTopics> some(
            @Nullable GroupEntry entry, List<OffsetFetchRequestTopics> asked, Scope scope) {
        List<OffsetFetchResponseTopics> found = new ArrayList<>();
        for (OffsetFetchRequestTopics each : asked) {
            Topic topic = scope.lookup.find(each.name(), each.topicId());
            OffsetFetchResponseTopics answered =
                    new OffsetFetchResponseTopics().setName(each.name()).setTopicId(each.topicId());
            for (int partition : each.partitionIndexes()) {
                answered.partitions().add(one(entry, topic, partition, scope));
            }
            found.add(answered);
        }
        return found;
    }

    private static OffsetFetchResponsePartitions one(
            @Nullable GroupEntry entry, @Nullable Topic topic, int partition, Scope scope) {
        if (topic == null && scope.lookup.isById()) {
            return none(partition, Errors.UNKNOWN_TOPIC_ID);
        }
        if (topic == null || entry == null) {
            return none(partition, Errors.NONE);
        }
        if (scope.isStable && entry.offsets().isUndecided(topic.name(), partition)) {
            return none(partition, Errors.UNSTABLE_OFFSET_COMMIT);
        }
        Offset offset = entry.offsets().find(topic.name(), topic.id(), partition);
        return offset == null ? none(partition, Errors.NONE) : of(partition, offset);
    }

    private static List<OffsetFetchResponseTopics> everything(
            @Nullable GroupEntry entry, Scope scope) {
        Map<String, OffsetFetchResponseTopics> found = new LinkedHashMap<>();
        if (entry != null) {
            entry.offsets()
                    .forEach((name, id, partition, _) -> {
                        Topic topic = scope.lookup.topics().find(scope.lookup.principal(), name);
                        if (topic != null && topic.id().equals(id)) {
                            found.computeIfAbsent(name, _ -> named(topic))
                                    .partitions()
                                    .add(one(entry, topic, partition, scope));
                        }
                    });
        }
        return new ArrayList<>(found.values());
    }

    private static OffsetFetchResponseTopics named(Topic topic) {
        return new OffsetFetchResponseTopics()
                .setName(topic.name())
                .setTopicId(Catalog.kafkaId(topic.id()));
    }

    private static OffsetFetchResponsePartitions of(int partition, Offset offset) {
        return new OffsetFetchResponsePartitions()
                .setPartitionIndex(partition)
                .setCommittedOffset(offset.position())
                .setCommittedLeaderEpoch(offset.leaderEpoch())
                .setMetadata(offset.metadata());
    }

    private static OffsetFetchResponsePartitions none(int partition, Errors error) {
        return new OffsetFetchResponsePartitions()
                .setPartitionIndex(partition)
                .setCommittedOffset(-1)
                .setCommittedLeaderEpoch(-1)
                .setMetadata("")
                .setErrorCode(error.code());
    }

    private static OffsetFetchResponseGroup refused(
            OffsetFetchRequestGroup asked, Errors error, boolean isInPartitions) {
        OffsetFetchResponseGroup refused =
                new OffsetFetchResponseGroup()
                        .setGroupId(asked.groupId())
                        .setErrorCode(error.code());
        if (isInPartitions && asked.topics() != null) {
            for (OffsetFetchRequestTopics each : asked.topics()) {
                OffsetFetchResponseTopics topic =
                        new OffsetFetchResponseTopics().setName(each.name());
                each.partitionIndexes()
                        .forEach(partition -> topic.partitions().add(none(partition, error)));
                refused.topics().add(topic);
            }
        }
        return refused;
    }

    /// The response before several groups could be asked for; the eldest has no place for the
    /// group's error but its partitions.
    private static OffsetFetchResponseData old(OffsetFetchResponseGroup group, int version) {
        OffsetFetchResponseData response = new OffsetFetchResponseData();
        if (version >= HAS_GROUP_ERROR) {
            response.setErrorCode(group.errorCode());
        }
        for (OffsetFetchResponseTopics each : group.topics()) {
            OffsetFetchResponseTopic topic = new OffsetFetchResponseTopic().setName(each.name());
            for (OffsetFetchResponsePartitions partition : each.partitions()) {
                topic.partitions()
                        .add(
                                new OffsetFetchResponsePartition()
                                        .setPartitionIndex(partition.partitionIndex())
                                        .setCommittedOffset(partition.committedOffset())
                                        .setCommittedLeaderEpoch(partition.committedLeaderEpoch())
                                        .setMetadata(partition.metadata())
                                        .setErrorCode(partition.errorCode()));
            }
            response.topics().add(topic);
        }
        return response;
    }
}

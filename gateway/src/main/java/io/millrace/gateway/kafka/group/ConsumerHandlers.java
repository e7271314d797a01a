package io.millrace.gateway.kafka.group;

import io.millrace.broker.Topics;
import io.millrace.gateway.kafka.group.classic.ClassicGroup;
import io.millrace.gateway.kafka.group.consumer.Catalog;
import io.millrace.gateway.kafka.group.consumer.ConsumerGroup;
import io.millrace.gateway.kafka.group.consumer.ConsumerMember;
import io.millrace.gateway.kafka.group.consumer.ConsumerRequests;
import io.millrace.gateway.kafka.group.consumer.Migration;
import io.millrace.gateway.kafka.group.consumer.Partitions;
import io.millrace.gateway.kafka.group.state.Reply;
import io.millrace.gateway.kafka.group.state.Turn;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.RequestHandler;
import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.Assignment;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.Member;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.TopicPartitions;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// The APIs of KIP-848: ConsumerGroupHeartbeat and ConsumerGroupDescribe.
final class ConsumerHandlers {
    private final GroupCoordinator coordinator;
    private final Checks checks;
    private final OtherGroups others;
    private final Topics topics;
    private final RandomGenerator random;
    private final ConsumerRequests requests;

    ConsumerHandlers(
            GroupCoordinator coordinator,
            OtherGroups others,
            Topics topics,
            RandomGenerator random) {
        this.coordinator = coordinator;
        this.checks = new Checks(coordinator.config());
        this.others = others;
        this.topics = topics;
        this.random = random;
        this.requests = new ConsumerRequests(coordinator.assignments());
    }

    Map<ApiKeys, RequestHandler> handlers() {
        return Map.of(
                ApiKeys.CONSUMER_GROUP_HEARTBEAT, this::heartbeat,
                ApiKeys.CONSUMER_GROUP_DESCRIBE, this::describe);
    }

    private void heartbeat(KafkaRequest request, Answer answer) {
        Reply<ConsumerGroupHeartbeatResponseData> reply =
                new AnswerReply<>(
                        answer,
                        error ->
                                new ConsumerGroupHeartbeatResponseData()
                                        .setErrorCode(error.code())
                                        .setErrorMessage(error.message()));
        coordinator.submit(
                reply,
                turn -> {
                    try {
                        turn.send(reply, heartbeat(request, turn));
                    } catch (ApiException e) {
                        turn.send(
                                reply,
                                new ConsumerGroupHeartbeatResponseData()
                                        .setErrorCode(Errors.forException(e).code())
                                        .setErrorMessage(e.getMessage()));
                    }
                });
    }

    private ConsumerGroupHeartbeatResponseData heartbeat(KafkaRequest request, Turn turn) {
        ConsumerGroupHeartbeatRequestData data =
                (ConsumerGroupHeartbeatRequestData) request.message();
        boolean leaves = data.memberEpoch() < 0;
        check(request, data);
        GroupEntry entry = coordinator.groups().find(data.groupId());
        ConsumerGroup group;
        if (data.memberEpoch() == 0) {
            entry = coordinator.groups().obtain(data.groupId());
            group = consumer(entry, turn);
        } else if (entry == null) {
            throw (leaves ? Errors.GROUP_ID_NOT_FOUND : Errors.UNKNOWN_MEMBER_ID)
                    .exception("there is no such group");
        } else {
            group = consumer(entry);
        }
        ConsumerGroupHeartbeatResponseData response;
        try {
            response =
                    leaves
                            ? requests.leave(group, data, turn)
                            : requests.heartbeat(group, data, client(request), newId(), turn);
        } finally {
            // A group that has just been made of a classic one is stored whatever becomes of this
            // member.
            group.store(turn);
            coordinator.settle(entry, turn);
        }
        return response;
    }

    private void check(KafkaRequest request, ConsumerGroupHeartbeatRequestData data) {
        checks.groupId(data.groupId());
        checks.names(data.memberId(), data.instanceId(), data.rackId(), request.clientId());
        List<String> names = data.subscribedTopicNames();
        boolean isOther = names != null || data.subscribedTopicRegex() != null;
        if (isOther) {
            coordinator.catalogNow();
        } else {
            coordinator.catalogSoon();
        }
        requests.check(data, request.version());
        if (others.has(data.groupId())) {
            throw Errors.GROUP_ID_NOT_FOUND.exception("the group is of another kind");
        }
        if (names != null) {
            checks.memberBytes(names.stream().mapToLong(String::length).sum());
            for (String name : names) {
                if (topics.find(Principal.SERVER, name) != null
                        && topics.find(request.peer().principal(), name) == null) {
                    throw Errors.TOPIC_AUTHORIZATION_FAILED.exception("a topic is not allowed");
                }
            }
        }
    }

    private static ConsumerMember.Client client(KafkaRequest request) {
        String clientId = request.clientId();
        return new ConsumerMember.Client(
                clientId == null ? "" : clientId, request.peer().address());
    }

    private String newId() {
        return new Uuid(random.nextLong(), random.nextLong()).toString();
    }

    private static ConsumerGroup consumer(GroupEntry entry) {
        ConsumerGroup group = entry.consumer();
        if (group == null) {
            throw Errors.GROUP_ID_NOT_FOUND.exception("the group is no consumer group");
        }
        return group;
    }

    /// The group as one of the new protocol; a classic one becomes one if it can.
    private ConsumerGroup consumer(GroupEntry entry, Turn turn) {
        ConsumerGroup known = entry.consumer();
        if (known != null) {
            return known;
        }
        ClassicGroup classic = entry.classic();
        ConsumerGroup group;
        if (classic == null || classic.isEmpty()) {
            entry.unstoreMembers(turn);
            group = new ConsumerGroup(entry.id(), coordinator.config(), turn.now());
        } else {
            group =
                    Migration.upgrade(
                            classic, coordinator.config(), coordinator.catalogNow(), turn);
        }
        if (group == null) {
            throw Errors.GROUP_ID_NOT_FOUND.exception(
                    "the group is a classic one of members that are no consumers");
        }
        entry.become(group);
        return group;
    }

    private void describe(KafkaRequest request, Answer answer) {
        ConsumerGroupDescribeRequestData data =
                (ConsumerGroupDescribeRequestData) request.message();
        Reply<ConsumerGroupDescribeResponseData> reply =
                new AnswerReply<>(
                        answer,
                        error -> {
                            ConsumerGroupDescribeResponseData response =
                                    new ConsumerGroupDescribeResponseData();
                            data.groupIds().forEach(id -> response.groups().add(failed(id, error)));
                            return response;
                        });
        coordinator.submit(
                reply,
                turn -> {
                    coordinator.catalogSoon();
                    ConsumerGroupDescribeResponseData response =
                            new ConsumerGroupDescribeResponseData();
                    data.groupIds().forEach(id -> response.groups().add(described(id)));
                    turn.send(reply, response);
                });
    }

    private static DescribedGroup failed(String groupId, Errors error) {
        return new DescribedGroup()
                .setGroupId(groupId)
                .setErrorCode(error.code())
                .setErrorMessage(error.message());
    }

    private DescribedGroup described(String groupId) {
        GroupEntry entry = coordinator.groups().find(groupId);
        ConsumerGroup group = entry == null ? null : entry.consumer();
        if (group == null) {
            return failed(groupId, Errors.GROUP_ID_NOT_FOUND)
                    .setErrorMessage("There is no consumer group " + groupId + ".");
        }
        List<Member> members = new ArrayList<>();
        for (ConsumerMember member : group.members()) {
            ConsumerMember.Profile profile = member.profile();
            members.add(
                    new Member()
                            .setMemberId(member.id())
                            .setInstanceId(profile.instanceId())
                            .setRackId(profile.rack())
                            .setMemberEpoch(member.epoch())
                            .setClientId(profile.client().id())
                            .setClientHost(profile.client().host())
                            .setSubscribedTopicNames(profile.names())
                            .setSubscribedTopicRegex(profile.pattern())
                            .setMemberType((byte) (member.isClassic() ? 0 : 1))
                            .setAssignment(assignment(member.assigned()))
                            .setTargetAssignment(assignment(member.target())));
        }
        return new DescribedGroup()
                .setGroupId(groupId)
                .setGroupState(group.shownState())
                .setGroupEpoch(group.epoch())
                .setAssignmentEpoch(group.assignmentEpoch())
                .setAssignorName(coordinator.assignments().chosenName(group))
                .setMembers(members);
    }

    private Assignment assignment(Partitions partitions) {
        Catalog catalog = coordinator.assignments().catalog();
        Assignment assignment = new Assignment();
        for (UUID topic : partitions.topics()) {
            List<Integer> numbers = new ArrayList<>();
            for (int partition : partitions.of(topic)) {
                numbers.add(partition);
            }
            assignment
                    .topicPartitions()
                    .add(
                            new TopicPartitions()
                                    .setTopicId(Catalog.kafkaId(topic))
                                    .setTopicName(catalog.name(topic))
                                    .setPartitions(numbers));
        }
        return assignment;
    }
}

package io.millrace.gateway.kafka.group;

import io.millrace.gateway.kafka.group.classic.ClassicGroup;
import io.millrace.gateway.kafka.group.classic.ClassicMember;
import io.millrace.gateway.kafka.group.classic.ClassicState;
import io.millrace.gateway.kafka.group.consumer.ConsumerGroup;
import io.millrace.gateway.kafka.group.state.Reply;
import io.millrace.gateway.kafka.group.state.Turn;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What administrators ask of groups: ListGroups, DescribeGroups, DeleteGroups, OffsetDelete.
final class GroupHandlers {
    private static final int SAYS_NOT_FOUND = 6;

    private final GroupCoordinator coordinator;
    private final OtherGroups others;
    private final Subscribed subscribed;

    GroupHandlers(GroupCoordinator coordinator, OtherGroups others) {
        this.coordinator = coordinator;
        this.others = others;
        this.subscribed = new Subscribed(coordinator.assignments());
    }

    Map<ApiKeys, RequestHandler> handlers() {
        return Map.of(
                ApiKeys.LIST_GROUPS, this::list,
                ApiKeys.DESCRIBE_GROUPS, this::describe,
                ApiKeys.DELETE_GROUPS, this::delete,
                ApiKeys.OFFSET_DELETE, this::deleteOffsets);
    }

    private void list(KafkaRequest request, Answer answer) {
        ListGroupsRequestData data = (ListGroupsRequestData) request.message();
        Reply<ListGroupsResponseData> reply =
                new AnswerReply<>(
                        answer, error -> new ListGroupsResponseData().setErrorCode(error.code()));
        coordinator.submit(
                reply,
                turn -> {
                    List<ListedGroup> found = new ArrayList<>();
                    coordinator.groups().all().forEach(entry -> found.add(listed(entry)));
                    found.addAll(others.list());
                    found.removeIf(each ->
                            !isAsked(data.statesFilter(), each.groupState())
                                    || !isAsked(data.typesFilter(), each.groupType()));
                    turn.send(reply, new ListGroupsResponseData().setGroups(found));
                });
    }

    private static boolean isAsked(List<String> filter, String value) {
        return filter.isEmpty() || filter.stream().anyMatch(value::equalsIgnoreCase);
    }

    private static ListedGroup listed(GroupEntry entry) {
        ListedGroup listed = new ListedGroup().setGroupId(entry.id());
        ConsumerGroup consumer = entry.consumer();
        if (consumer != null) {
            return listed.setProtocolType("consumer")
                    .setGroupState(consumer.shownState())
                    .setGroupType("Consumer");
        }
        ClassicGroup classic = entry.classic();
        String type = classic == null ? null : classic.protocolType();
        return listed.setProtocolType(type == null ? "" : type)
                .setGroupState((classic == null ? ClassicState.EMPTY : classic.state()).shown())
                .setGroupType("Classic");
    }

    private void describe(KafkaRequest request, Answer answer) {
        DescribeGroupsRequestData data = (DescribeGroupsRequestData) request.message();
        Reply<DescribeGroupsResponseData> reply =
                new AnswerReply<>(
                        answer,
                        error -> {
                            DescribeGroupsResponseData response = new DescribeGroupsResponseData();
                            data.groups()
                                    .forEach(id ->
                                            response.groups()
                                                    .add(
                                                            new DescribedGroup()
                                                                    .setGroupId(id)
                                                                    .setErrorCode(error.code())));
                            return response;
                        });
        coordinator.submit(
                reply,
                turn -> {
                    DescribeGroupsResponseData response = new DescribeGroupsResponseData();
                    data.groups()
                            .forEach(id -> response.groups().add(described(id, request.version())));
                    turn.send(reply, response);
                });
    }

    private DescribedGroup described(String groupId, int version) {
        DescribedGroup described = new DescribedGroup().setGroupId(groupId);
        GroupEntry entry = coordinator.groups().find(groupId);
        if (entry == null || entry.consumer() != null) {
            // What is no classic group is dead to those who know no other word for it.
            described.setGroupState("Dead");
            return version < SAYS_NOT_FOUND
                    ? described
                    : described
                            .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                            .setErrorMessage("There is no classic group " + groupId + ".");
        }
        ClassicGroup group = entry.classic();
        if (group == null) {
            return described.setGroupState(ClassicState.EMPTY.shown());
        }
        boolean isStable = group.state() == ClassicState.STABLE;
        for (ClassicMember member : group.members()) {
            ClassicMember.Identity identity = member.identity();
            DescribedGroupMember shown =
                    new DescribedGroupMember()
                            .setMemberId(member.id())
                            .setGroupInstanceId(identity.instanceId())
                            .setClientId(identity.clientId())
                            .setClientHost(identity.host());
            if (isStable) {
                shown.setMemberMetadata(member.metadata(group.protocol()))
                        .setMemberAssignment(member.assignment());
            }
            described.members().add(shown);
        }
        String type = group.protocolType();
        String protocol = group.protocol();
        return described
                .setGroupState(group.state().shown())
                .setProtocolType(type == null ? "" : type)
                .setProtocolData(isStable && protocol != null ? protocol : "");
    }

    private void delete(KafkaRequest request, Answer answer) {
        DeleteGroupsRequestData data = (DeleteGroupsRequestData) request.message();
        Reply<DeleteGroupsResponseData> reply =
                new AnswerReply<>(
                        answer,
                        error -> {
                            DeleteGroupsResponseData response = new DeleteGroupsResponseData();
                            data.groupsNames()
                                    .forEach(id -> response.results().add(result(id, error)));
                            return response;
                        });
        coordinator.submit(
                reply,
                turn -> {
                    DeleteGroupsResponseData response = new DeleteGroupsResponseData();
                    data.groupsNames()
                            .forEach(id -> response.results().add(result(id, delete(id, turn))));
                    turn.send(reply, response);
                });
    }

    private static DeletableGroupResult result(String groupId, Errors error) {
        return new DeletableGroupResult().setGroupId(groupId).setErrorCode(error.code());
    }

    private Errors delete(String groupId, Turn turn) {
        if (others.has(groupId)) {
            return others.delete(groupId);
        }
        GroupEntry entry = coordinator.groups().find(groupId);
        if (entry == null) {
            return Errors.GROUP_ID_NOT_FOUND;
        }
        if (!entry.isEmpty()) {
            return Errors.NON_EMPTY_GROUP;
        }
        coordinator.groups().remove(entry, turn);
        coordinator.settle(entry, turn);
        return Errors.NONE;
    }

    private void deleteOffsets(KafkaRequest request, Answer answer) {
        OffsetDeleteRequestData data = (OffsetDeleteRequestData) request.message();
        Reply<OffsetDeleteResponseData> reply =
                new AnswerReply<>(
                        answer, error -> new OffsetDeleteResponseData().setErrorCode(error.code()));
        coordinator.submit(reply, turn -> deleteOffsets(data, reply, turn));
    }

    private void deleteOffsets(
            OffsetDeleteRequestData data, Reply<OffsetDeleteResponseData> reply, Turn turn) {
        GroupEntry entry = coordinator.groups().find(data.groupId());
        if (entry == null) {
            turn.refuse(reply, Errors.GROUP_ID_NOT_FOUND);
            return;
        }
        coordinator.catalogSoon();
        // Who knows nothing of the members' topics can only change offsets of nobody.
        @Nullable Set<String> inUse = subscribed.by(entry);
        if (inUse == null) {
            turn.refuse(reply, Errors.NON_EMPTY_GROUP);
            return;
        }
        OffsetDeleteResponseData response = new OffsetDeleteResponseData();
        data.topics()
                .forEach(asked -> {
                    boolean isInUse = inUse.contains(asked.name());
                    Errors error = isInUse ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE;
                    OffsetDeleteResponseTopic topic =
                            new OffsetDeleteResponseTopic().setName(asked.name());
                    asked.partitions()
                            .forEach(each -> {
                                if (!isInUse) {
                                    entry.offsets().remove(asked.name(), each.partitionIndex());
                                }
                                topic.partitions().add(of(each.partitionIndex(), error));
                            });
                    response.topics().add(topic);
                });
        entry.offsets().store(turn);
        turn.send(reply, response);
    }

    private static OffsetDeleteResponsePartition of(int partition, Errors error) {
        return new OffsetDeleteResponsePartition()
                .setPartitionIndex(partition)
                .setErrorCode(error.code());
    }
}

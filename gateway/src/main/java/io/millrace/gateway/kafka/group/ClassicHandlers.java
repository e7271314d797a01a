package io.millrace.gateway.kafka.group;

import io.millrace.gateway.kafka.group.classic.ClassicGroup;
import io.millrace.gateway.kafka.group.classic.ClassicJoins;
import io.millrace.gateway.kafka.group.classic.ClassicJoins.Join;
import io.millrace.gateway.kafka.group.classic.ClassicRequests;
import io.millrace.gateway.kafka.group.consumer.ClassicInConsumer;
import io.millrace.gateway.kafka.group.consumer.ConsumerGroup;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import io.millrace.gateway.kafka.group.state.Reply;
import io.millrace.gateway.kafka.group.state.Turn;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.RequestHandler;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// The APIs of the classic protocol: JoinGroup, SyncGroup, Heartbeat, LeaveGroup; in classic
/// groups, and in consumer groups for members that have not been brought to the new protocol yet.
final class ClassicHandlers {
    private static final int KNOWS_NO_PROTOCOL = 7;
    private static final int SAYS_PROTOCOL = 5;
    private static final int LEAVES_IN_BATCHES = 3;

    private final GroupCoordinator coordinator;
    private final Checks checks;
    private final OtherGroups others;
    private final ClassicJoins joins;
    private final ClassicInConsumer inConsumer;

    ClassicHandlers(GroupCoordinator coordinator, OtherGroups others, RandomGenerator random) {
        this.coordinator = coordinator;
        this.checks = new Checks(coordinator.config());
        this.others = others;
        this.joins = new ClassicJoins(random);
        this.inConsumer = new ClassicInConsumer(coordinator.assignments());
    }

    Map<ApiKeys, RequestHandler> handlers() {
        return Map.of(
                ApiKeys.JOIN_GROUP, this::join,
                ApiKeys.SYNC_GROUP, this::sync,
                ApiKeys.HEARTBEAT, this::heartbeat,
                ApiKeys.LEAVE_GROUP, this::leave);
    }

    private void join(KafkaRequest request, Answer answer) {
        JoinGroupRequestData data = (JoinGroupRequestData) request.message();
        String clientId = request.clientId();
        Join join =
                new Join(
                        data,
                        request.version(),
                        clientId == null ? "" : clientId,
                        request.peer().address());
        Reply<JoinGroupResponseData> reply = new JoinReply(answer, request.version());
        coordinator.submit(reply, turn -> join(join, reply, turn));
    }

    /// Clients before version 7 know no response without a protocol.
    private record JoinReply(Answer answer, int version) implements Reply<JoinGroupResponseData> {
        @Override
        public void send(JoinGroupResponseData response) {
            if (version < KNOWS_NO_PROTOCOL && response.protocolName() == null) {
                response.setProtocolName("");
            }
            answer.send(response);
        }

        @Override
        public void refuse(Errors error) {
            send(new JoinGroupResponseData().setErrorCode(error.code()));
        }
    }

    private void join(Join join, Reply<JoinGroupResponseData> reply, Turn turn) {
        JoinGroupRequestData data = join.request();
        checks.groupId(data.groupId());
        checks.names(data.memberId(), data.groupInstanceId(), join.clientId());
        checks.memberBytes(
                join.protocols().stream()
                        .mapToLong(each -> each.metadata().length + each.name().length())
                        .sum());
        GroupConfig.Times times = coordinator.config().times();
        if (data.sessionTimeoutMs() < times.sessionMin().toMillis()
                || data.sessionTimeoutMs() > times.sessionMax().toMillis()) {
            throw Errors.INVALID_SESSION_TIMEOUT.exception("the session timeout is out of range");
        }
        if (others.has(data.groupId())) {
            throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception("the group is of another kind");
        }
        GroupEntry entry = coordinator.groups().find(data.groupId());
        if (entry == null && !data.memberId().isEmpty()) {
            throw Errors.UNKNOWN_MEMBER_ID.exception("there is no such group");
        }
        entry = coordinator.groups().obtain(data.groupId());
        ConsumerGroup consumer = entry.consumer();
        if (consumer != null && !consumer.isEmpty()) {
            coordinator.catalogSoon();
            turn.send(reply, inConsumer.join(consumer, join, joins.newId(join), turn));
        } else {
            joins.join(classic(entry, turn), join, reply, turn);
        }
        coordinator.settle(entry, turn);
    }

    /// The group as a classic one; one of another kind that is empty becomes classic.
    private ClassicGroup classic(GroupEntry entry, Turn turn) {
        ClassicGroup known = entry.classic();
        if (known != null) {
            return known;
        }
        entry.unstoreMembers(turn);
        ClassicGroup group = new ClassicGroup(entry.id(), coordinator.config(), turn.now());
        entry.become(group);
        return group;
    }

    private void sync(KafkaRequest request, Answer answer) {
        SyncGroupRequestData data = (SyncGroupRequestData) request.message();
        Reply<SyncGroupResponseData> reply =
                new AnswerReply<>(
                        answer, error -> new SyncGroupResponseData().setErrorCode(error.code()));
        coordinator.submit(reply, turn -> sync(data, request.version(), reply, turn));
    }

    private void sync(
            SyncGroupRequestData data, int version, Reply<SyncGroupResponseData> reply, Turn turn) {
        checks.groupId(data.groupId());
        if (version >= SAYS_PROTOCOL
                && (data.protocolType() == null || data.protocolName() == null)) {
            throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception("the protocol is missing");
        }
        data.assignments().forEach(each -> checks.memberBytes(each.assignment().length));
        GroupEntry entry = known(data.groupId());
        ClassicGroup classic = entry.classic();
        ConsumerGroup consumer = entry.consumer();
        if (classic != null) {
            ClassicRequests.sync(classic, data, reply, turn);
        } else if (consumer != null) {
            coordinator.catalogSoon();
            turn.send(reply, inConsumer.sync(consumer, data, turn));
        } else {
            turn.refuse(reply, Errors.UNKNOWN_MEMBER_ID);
        }
        coordinator.settle(entry, turn);
    }

    private GroupEntry known(String groupId) {
        GroupEntry entry = coordinator.groups().find(groupId);
        if (entry == null) {
            throw Errors.UNKNOWN_MEMBER_ID.exception("there is no such group");
        }
        return entry;
    }

    private void heartbeat(KafkaRequest request, Answer answer) {
        HeartbeatRequestData data = (HeartbeatRequestData) request.message();
        Reply<HeartbeatResponseData> reply =
                new AnswerReply<>(
                        answer, error -> new HeartbeatResponseData().setErrorCode(error.code()));
        coordinator.submit(
                reply,
                turn -> {
                    checks.groupId(data.groupId());
                    GroupEntry entry = known(data.groupId());
                    turn.send(
                            reply,
                            new HeartbeatResponseData()
                                    .setErrorCode(heartbeat(entry, data, turn).code()));
                    coordinator.settle(entry, turn);
                });
    }

    private Errors heartbeat(GroupEntry entry, HeartbeatRequestData data, Turn turn) {
        ClassicGroup classic = entry.classic();
        ConsumerGroup consumer = entry.consumer();
        if (classic != null) {
            return ClassicRequests.heartbeat(classic, data, turn);
        }
        return consumer == null
                ? Errors.UNKNOWN_MEMBER_ID
                : inConsumer.heartbeat(consumer, data, turn);
    }

    private void leave(KafkaRequest request, Answer answer) {
        LeaveGroupRequestData data = (LeaveGroupRequestData) request.message();
        boolean isBatch = request.version() >= LEAVES_IN_BATCHES;
        List<MemberIdentity> leaving =
                isBatch
                        ? data.members()
                        : List.of(new MemberIdentity().setMemberId(data.memberId()));
        Reply<LeaveGroupResponseData> reply =
                new AnswerReply<>(
                        answer, error -> new LeaveGroupResponseData().setErrorCode(error.code()));
        coordinator.submit(
                reply,
                turn -> {
                    checks.groupId(data.groupId());
                    GroupEntry entry = coordinator.groups().find(data.groupId());
                    List<MemberResponse> left = leave(entry, leaving, turn);
                    turn.send(
                            reply,
                            isBatch
                                    ? new LeaveGroupResponseData().setMembers(left)
                                    : new LeaveGroupResponseData()
                                            .setErrorCode(left.getFirst().errorCode()));
                    if (entry != null) {
                        coordinator.settle(entry, turn);
                    }
                });
    }

    private List<MemberResponse> leave(
            @Nullable GroupEntry entry, List<MemberIdentity> leaving, Turn turn) {
        ClassicGroup classic = entry == null ? null : entry.classic();
        ConsumerGroup consumer = entry == null ? null : entry.consumer();
        if (classic != null) {
            return ClassicRequests.leave(classic, leaving, turn);
        }
        if (consumer != null) {
            return inConsumer.leave(consumer, leaving, turn);
        }
        return leaving.stream()
                .map(each ->
                        new MemberResponse()
                                .setMemberId(each.memberId())
                                .setGroupInstanceId(each.groupInstanceId())
                                .setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()))
                .toList();
    }
}

package io.millrace.gateway.kafka.group.classic;

import io.millrace.gateway.kafka.group.state.Reply;
import io.millrace.gateway.kafka.group.state.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What the members of a classic group do between two joins, and what time does to them. Only for
/// the coordinator's thread.
public final class ClassicRequests {
    private ClassicRequests() {}

    /// Whether a member is who it says.
    public static Errors check(ClassicGroup group, String memberId, @Nullable String instanceId) {
        if (instanceId != null) {
            String known = group.staticMemberId(instanceId);
            if (known == null) {
                return Errors.UNKNOWN_MEMBER_ID;
            }
            if (!known.equals(memberId)) {
                return Errors.FENCED_INSTANCE_ID;
            }
        }
        return group.member(memberId) == null ? Errors.UNKNOWN_MEMBER_ID : Errors.NONE;
    }

    /// Answers a request for a member's assignment: at once, or when the leader has shared out.
    public static void sync(
            ClassicGroup group,
            SyncGroupRequestData request,
            Reply<SyncGroupResponseData> reply,
            Turn turn) {
        Errors error = checkSync(group, request);
        ClassicMember member = group.member(request.memberId());
        if (error != Errors.NONE || member == null) {
            turn.refuse(reply, error);
            return;
        }
        switch (group.state()) {
            case EMPTY -> turn.refuse(reply, Errors.UNKNOWN_MEMBER_ID);
            case PREPARING_REBALANCE -> turn.refuse(reply, Errors.REBALANCE_IN_PROGRESS);
            case STABLE -> {
                synced(group, member);
                group.touch(member, turn.now());
                turn.send(reply, ClassicRebalance.synced(group, member));
            }
            case COMPLETING_REBALANCE -> {
                synced(group, member);
                Reply<SyncGroupResponseData> former = member.awaitedSync;
                if (former != null) {
                    turn.refuse(former, Errors.REBALANCE_IN_PROGRESS);
                }
                member.awaitedSync = reply;
                if (member.id().equals(group.leader())) {
                    Map<String, byte[]> assignments = new HashMap<>();
                    request.assignments()
                            .forEach(each -> assignments.put(each.memberId(), each.assignment()));
                    ClassicRebalance.share(group, assignments, turn);
                }
            }
        }
    }

    private static void synced(ClassicGroup group, ClassicMember member) {
        group.pendingSyncs.remove(member.id());
        if (group.pendingSyncs.isEmpty()) {
            group.syncDeadline = Long.MAX_VALUE;
        }
    }

    private static Errors checkSync(ClassicGroup group, SyncGroupRequestData request) {
        Errors error = check(group, request.memberId(), request.groupInstanceId());
        if (error != Errors.NONE) {
            return error;
        }
        if (request.generationId() != group.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        return isOther(request.protocolType(), group.protocolType())
                        || isOther(request.protocolName(), group.protocol())
                ? Errors.INCONSISTENT_GROUP_PROTOCOL
                : Errors.NONE;
    }

    /// Older clients say nothing about it.
    private static boolean isOther(@Nullable String said, @Nullable String known) {
        return said != null && known != null && !Objects.equals(said, known);
    }

    /// A member says that it is there.
    public static Errors heartbeat(ClassicGroup group, HeartbeatRequestData request, Turn turn) {
        Errors error = check(group, request.memberId(), request.groupInstanceId());
        ClassicMember member = group.member(request.memberId());
        if (error != Errors.NONE || member == null) {
            return error;
        }
        if (request.generationId() != group.generation()) {
            return Errors.ILLEGAL_GENERATION;
        }
        return switch (group.state()) {
            case EMPTY -> Errors.UNKNOWN_MEMBER_ID;
            case PREPARING_REBALANCE -> {
                group.touch(member, turn.now());
                yield Errors.REBALANCE_IN_PROGRESS;
            }
            case COMPLETING_REBALANCE, STABLE -> {
                group.touch(member, turn.now());
                yield Errors.NONE;
            }
        };
    }

    /// Members leave, by their own will or, named by their instance only, by an administrator's.
    public static List<MemberResponse> leave(
            ClassicGroup group, List<MemberIdentity> leaving, Turn turn) {
        List<MemberResponse> responses = new ArrayList<>();
        boolean left = false;
        for (MemberIdentity each : leaving) {
            Errors error = leave(group, each, turn);
            left |= error == Errors.NONE;
            responses.add(
                    new MemberResponse()
                            .setMemberId(each.memberId())
                            .setGroupInstanceId(each.groupInstanceId())
                            .setErrorCode(error.code()));
        }
        if (left) {
            switch (group.state()) {
                case STABLE, COMPLETING_REBALANCE -> ClassicRebalance.prepare(group, turn);
                case PREPARING_REBALANCE -> ClassicRebalance.completeIfAllJoined(group, turn);
                case EMPTY -> {}
            }
        }
        return responses;
    }

    private static Errors leave(ClassicGroup group, MemberIdentity leaving, Turn turn) {
        String memberId = leaving.memberId();
        if (group.removePending(memberId)) {
            return Errors.NONE;
        }
        if (memberId.isEmpty()) {
            String known = group.staticMemberId(leaving.groupInstanceId());
            memberId = known == null ? "" : known;
        }
        Errors error = check(group, memberId, leaving.groupInstanceId());
        ClassicMember member = group.member(memberId);
        if (error == Errors.NONE && member != null) {
            ClassicRebalance.removeOnly(group, member, turn);
        }
        return error;
    }

    /// Whether offsets may be committed; whoever is no member, such as an administrator, has
    /// generation -1.
    public static Errors checkCommit(
            ClassicGroup group, Committer committer, boolean isTransactional) {
        boolean isEmpty = group.state() == ClassicState.EMPTY;
        if (committer.generation() < 0 && isEmpty) {
            return Errors.NONE;
        }
        boolean isNamed = !committer.memberId().isEmpty() || committer.instanceId() != null;
        if (committer.generation() >= 0 || isNamed) {
            Errors error = check(group, committer.memberId(), committer.instanceId());
            if (error != Errors.NONE) {
                return error;
            }
            if (committer.generation() != group.generation()) {
                return Errors.ILLEGAL_GENERATION;
            }
        } else if (!isTransactional && !isEmpty) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        return !isTransactional && group.state() == ClassicState.COMPLETING_REBALANCE
                ? Errors.REBALANCE_IN_PROGRESS
                : Errors.NONE;
    }

    /// Who commits offsets.
    ///
    /// @param generation of a classic group, or the member's epoch in a consumer group
    public record Committer(String memberId, @Nullable String instanceId, int generation) {}

    /// A commit is a sign of life.
    public static void touch(ClassicGroup group, String memberId, Turn turn) {
        ClassicMember member = group.member(memberId);
        if (member != null && !member.isNew) {
            group.touch(member, turn.now());
        }
    }

    /// Does what is due.
    public static void tick(ClassicGroup group, Turn turn) {
        long now = turn.now();
        for (String memberId : group.pendingUntil(now)) {
            group.removePending(memberId);
            ClassicRebalance.completeIfAllJoined(group, turn);
        }
        for (ClassicMember member : List.copyOf(group.members())) {
            if (member.deadline <= now && group.member(member.id()) == member) {
                boolean waits = member.awaitedJoin != null || member.awaitedSync != null;
                if (waits && !member.isNew) {
                    // It gets a new session with the answer that it waits for.
                    member.deadline = Long.MAX_VALUE;
                } else {
                    ClassicRebalance.removeAndRebalance(group, member, turn);
                }
            }
        }
        if (group.joinDeadline <= now) {
            group.joinDeadline = Long.MAX_VALUE;
            if (group.state() == ClassicState.PREPARING_REBALANCE) {
                ClassicRebalance.joinTimeOver(group, turn);
            }
        }
        if (group.syncDeadline <= now) {
            syncTimeOver(group, turn);
        }
        group.computeDeadline();
    }

    /// Whoever has not asked for its assignment in time is out.
    private static void syncTimeOver(ClassicGroup group, Turn turn) {
        group.syncDeadline = Long.MAX_VALUE;
        List<String> late = List.copyOf(group.pendingSyncs);
        for (String memberId : late) {
            ClassicMember member = group.member(memberId);
            if (member != null) {
                ClassicRebalance.removeOnly(group, member, turn);
            }
        }
        if (!late.isEmpty()) {
            ClassicRebalance.prepare(group, turn);
        }
    }
}

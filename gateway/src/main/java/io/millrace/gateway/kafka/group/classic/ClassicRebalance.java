package io.millrace.gateway.kafka.group.classic;

import io.millrace.gateway.kafka.group.state.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/// How a classic group gets from one generation to the next. Only for the coordinator's thread.
public final class ClassicRebalance {
    private static final byte[] NOTHING = new byte[0];

    private ClassicRebalance() {}

    /// Begins a rebalance if none is under way, or ends the one that waited for nothing else.
    static void rebalanceOrComplete(ClassicGroup group, Turn turn) {
        if (group.state() == ClassicState.PREPARING_REBALANCE) {
            completeIfAllJoined(group, turn);
        } else {
            prepare(group, turn);
        }
    }

    /// Begins a rebalance: everyone is to join again.
    public static void prepare(ClassicGroup group, Turn turn) {
        if (group.state() == ClassicState.COMPLETING_REBALANCE) {
            for (ClassicMember member : group.members()) {
                member.unassign();
                answerSync(group, member, Errors.REBALANCE_IN_PROGRESS, turn);
            }
        }
        group.pendingSyncs.clear();
        group.syncDeadline = Long.MAX_VALUE;
        boolean wasEmpty = group.state() == ClassicState.EMPTY;
        group.become(ClassicState.PREPARING_REBALANCE);
        if (wasEmpty) {
            long delay = group.config().times().initialRebalanceDelay().toMillis();
            group.isInitial = true;
            group.hasNewcomer = false;
            group.initialLeftMillis = Math.max(group.rebalanceMillis() - delay, 0);
            waitForJoins(group, turn.now() + delay);
        } else if (group.hasAllJoined()) {
            complete(group, turn);
        } else {
            waitForJoins(group, turn.now() + group.rebalanceMillis());
        }
    }

    private static void waitForJoins(ClassicGroup group, long deadline) {
        group.joinDeadline = deadline;
        group.due(deadline);
    }

    static void completeIfAllJoined(ClassicGroup group, Turn turn) {
        if (group.state() == ClassicState.PREPARING_REBALANCE
                && !group.isInitial
                && group.hasAllJoined()) {
            complete(group, turn);
        }
    }

    /// The wait for joins is over: either there may be more to come, or the generation begins.
    static void joinTimeOver(ClassicGroup group, Turn turn) {
        if (group.isInitial && group.hasNewcomer && group.initialLeftMillis > 0) {
            long delay = group.config().times().initialRebalanceDelay().toMillis();
            long wait = Math.min(delay, group.initialLeftMillis);
            group.hasNewcomer = false;
            group.initialLeftMillis -= wait;
            waitForJoins(group, turn.now() + wait);
        } else {
            complete(group, turn);
        }
    }

    /// Begins the next generation with those that have joined. Static members may be late.
    private static void complete(ClassicGroup group, Turn turn) {
        for (ClassicMember member : List.copyOf(group.members())) {
            if (member.awaitedJoin == null && !member.isStatic()) {
                group.remove(member);
            }
        }
        if (!group.members().isEmpty() && !group.electLeader()) {
            // Only static members are left, and none of them is there: their sessions decide.
            group.isInitial = false;
            waitForJoins(group, turn.now() + group.rebalanceMillis());
            return;
        }
        group.nextGeneration(turn.now());
        if (group.state() == ClassicState.EMPTY) {
            group.store(turn);
            return;
        }
        List<JoinGroupResponseMember> everyone = everyone(group);
        for (ClassicMember member : group.members()) {
            group.answerJoin(turn, member, joined(group, member, everyone));
            group.touch(member, turn.now());
            member.isNew = false;
            group.pendingSyncs.add(member.id());
        }
        group.syncDeadline = turn.now() + group.rebalanceMillis();
        group.due(group.syncDeadline);
    }

    static List<JoinGroupResponseMember> everyone(ClassicGroup group) {
        List<JoinGroupResponseMember> everyone = new ArrayList<>();
        for (ClassicMember member : group.members()) {
            everyone.add(
                    new JoinGroupResponseMember()
                            .setMemberId(member.id())
                            .setGroupInstanceId(member.identity().instanceId())
                            .setMetadata(member.metadata(group.protocol())));
        }
        return everyone;
    }

    /// What a member is told of the current generation; only the leader hears of everyone.
    static JoinGroupResponseData joined(
            ClassicGroup group, ClassicMember member, List<JoinGroupResponseMember> everyone) {
        return new JoinGroupResponseData()
                .setGenerationId(group.generation())
                .setProtocolType(group.protocolType())
                .setProtocolName(group.protocol())
                .setLeader(group.leader())
                .setMemberId(member.id())
                .setMembers(member.id().equals(group.leader()) ? everyone : List.of());
    }

    /// The leader has shared out: everyone gets theirs once it is on disk.
    static void share(ClassicGroup group, Map<String, byte[]> assignments, Turn turn) {
        for (ClassicMember member : group.members()) {
            member.assign(assignments.getOrDefault(member.id(), NOTHING));
        }
        group.become(ClassicState.STABLE);
        group.store(turn);
        for (ClassicMember member : group.members()) {
            answerSync(group, member, Errors.NONE, turn);
        }
    }

    private static void answerSync(
            ClassicGroup group, ClassicMember member, Errors error, Turn turn) {
        SyncGroupResponseData response =
                error == Errors.NONE
                        ? synced(group, member)
                        : new SyncGroupResponseData().setErrorCode(error.code());
        if (group.answerSync(turn, member, response)) {
            group.touch(member, turn.now());
        }
    }

    static SyncGroupResponseData synced(ClassicGroup group, ClassicMember member) {
        return new SyncGroupResponseData()
                .setProtocolType(group.protocolType())
                .setProtocolName(group.protocol())
                .setAssignment(member.assignment());
    }

    /// Takes a member out; the others share out anew.
    static void removeAndRebalance(ClassicGroup group, ClassicMember member, Turn turn) {
        removeOnly(group, member, turn);
        switch (group.state()) {
            case STABLE, COMPLETING_REBALANCE -> prepare(group, turn);
            case PREPARING_REBALANCE -> completeIfAllJoined(group, turn);
            case EMPTY -> {}
        }
    }

    static void removeOnly(ClassicGroup group, ClassicMember member, Turn turn) {
        group.answerJoin(
                turn,
                member,
                new JoinGroupResponseData().setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()));
        group.answerSync(
                turn,
                member,
                new SyncGroupResponseData().setErrorCode(Errors.UNKNOWN_MEMBER_ID.code()));
        group.remove(member);
    }
}

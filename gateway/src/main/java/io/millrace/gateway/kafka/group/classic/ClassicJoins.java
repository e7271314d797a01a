package io.millrace.gateway.kafka.group.classic;

import io.millrace.gateway.kafka.group.state.Reply;
import io.millrace.gateway.kafka.group.state.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// How members join a classic group. Only for the coordinator's thread.
public final class ClassicJoins {
    private static final long FIRST_JOIN_MILLIS_MAX = 5 * 60_000L;
    private static final int REQUIRES_MEMBER_ID = 4;
    private static final int KNOWS_SKIP_ASSIGNMENT = 9;

    private final RandomGenerator random;

    /// @param random for the ids of members
    public ClassicJoins(RandomGenerator random) {
        this.random = random;
    }

    /// Who asks to join, and how.
    ///
    /// @param version of the request
    public record Join(JoinGroupRequestData request, int version, String clientId, String host) {
        /// The ways of sharing out that the member knows.
        public List<ClassicMember.Protocol> protocols() {
            List<ClassicMember.Protocol> protocols = new ArrayList<>();
            request.protocols()
                    .forEach(each ->
                            protocols.add(
                                    new ClassicMember.Protocol(each.name(), each.metadata())));
            return protocols;
        }

        /// What the member asks for.
        public ClassicMember.Terms terms() {
            // Before version 1 there is one time for both.
            int rebalance =
                    request.rebalanceTimeoutMs() < 0
                            ? request.sessionTimeoutMs()
                            : request.rebalanceTimeoutMs();
            return new ClassicMember.Terms(request.sessionTimeoutMs(), rebalance, protocols());
        }

        /// Whether the member has to ask again with the id that it is given.
        public boolean requiresKnownId() {
            return request.memberId().isEmpty()
                    && request.groupInstanceId() == null
                    && version >= REQUIRES_MEMBER_ID;
        }
    }

    /// An id that nobody has.
    public String newId(Join join) {
        String instanceId = join.request().groupInstanceId();
        UUID unique = new UUID(random.nextLong(), random.nextLong());
        return (instanceId == null ? join.clientId() : instanceId) + "-" + unique;
    }

    /// Answers a request to join, at once or when the group's next generation begins.
    public void join(ClassicGroup group, Join join, Reply<JoinGroupResponseData> reply, Turn turn) {
        JoinGroupRequestData request = join.request();
        String memberId = request.memberId();
        if (!hasRoom(group, memberId)) {
            ClassicMember late = group.member(memberId);
            if (late != null) {
                group.remove(late);
            }
            group.removePending(memberId);
            turn.send(reply, refused("", Errors.GROUP_MAX_SIZE_REACHED));
        } else if (!group.accepts(request.protocolType(), join.protocols())) {
            turn.send(reply, refused(memberId, Errors.INCONSISTENT_GROUP_PROTOCOL));
        } else if (memberId.isEmpty()) {
            joinNew(group, join, reply, turn);
        } else if (group.isPending(memberId)) {
            add(group, join, memberId, reply, turn);
        } else {
            rejoin(group, join, reply, turn);
        }
    }

    private static JoinGroupResponseData refused(String memberId, Errors error) {
        return new JoinGroupResponseData().setMemberId(memberId).setErrorCode(error.code());
    }

    private static boolean hasRoom(ClassicGroup group, String memberId) {
        ClassicMember known = group.member(memberId);
        int max = group.config().bounds().members();
        return switch (group.state()) {
            // Ids that are given out and not used are bounded too.
            case EMPTY -> group.pendingCount() < max || group.isPending(memberId);
            case PREPARING_REBALANCE ->
                    (known != null && known.awaitedJoin != null)
                            || (group.joinedCount() < max
                                    && (group.pendingCount() < max || group.isPending(memberId)));
            case COMPLETING_REBALANCE, STABLE ->
                    known != null
                            || group.isPending(memberId)
                            || group.members().size() + group.pendingCount() < max;
        };
    }

    private void joinNew(
            ClassicGroup group, Join join, Reply<JoinGroupResponseData> reply, Turn turn) {
        String newId = newId(join);
        String instanceId = join.request().groupInstanceId();
        String known = group.staticMemberId(instanceId);
        ClassicMember old = known == null ? null : group.member(known);
        if (old != null) {
            comeBack(group, join, old, reply, turn);
        } else if (join.requiresKnownId()) {
            group.addPending(newId, turn.now() + join.request().sessionTimeoutMs());
            turn.send(reply, refused(newId, Errors.MEMBER_ID_REQUIRED));
        } else {
            add(group, join, newId, reply, turn);
        }
    }

    private static void add(
            ClassicGroup group,
            Join join,
            String memberId,
            Reply<JoinGroupResponseData> reply,
            Turn turn) {
        JoinGroupRequestData request = join.request();
        ClassicMember member =
                new ClassicMember(
                        new ClassicMember.Identity(
                                memberId, request.groupInstanceId(), join.clientId(), join.host()),
                        join.terms());
        member.isNew = true;
        member.awaitedJoin = reply;
        group.hasNewcomer = true;
        group.add(member, request.protocolType());
        // It cannot heartbeat before it has its answer, and nobody tells if it is gone: it is
        // given a time to be answered in.
        group.touch(member, turn.now(), FIRST_JOIN_MILLIS_MAX);
        ClassicRebalance.rebalanceOrComplete(group, turn);
    }

    /// A static member that has come back takes its place over, under a new id. In a stable group
    /// nobody has to notice.
    private void comeBack(
            ClassicGroup group,
            Join join,
            ClassicMember old,
            Reply<JoinGroupResponseData> reply,
            Turn turn) {
        String oldLeader = group.leader();
        fence(group, old, turn);
        ClassicMember member = group.replace(old, newId(join));
        member.changeTerms(join.terms());
        group.touch(member, turn.now());
        switch (group.state()) {
            case STABLE -> {
                if (group.electProtocol().equals(group.protocol())) {
                    group.store(turn);
                    turn.send(reply, unnoticed(group, member, join, oldLeader));
                } else {
                    member.awaitedJoin = reply;
                    ClassicRebalance.prepare(group, turn);
                }
            }
            case COMPLETING_REBALANCE -> {
                // The leader may be sharing out to the old id just now.
                member.awaitedJoin = reply;
                ClassicRebalance.prepare(group, turn);
            }
            case PREPARING_REBALANCE, EMPTY -> {
                member.awaitedJoin = reply;
                ClassicRebalance.completeIfAllJoined(group, turn);
            }
        }
    }

    private static void fence(ClassicGroup group, ClassicMember old, Turn turn) {
        group.answerJoin(turn, old, refused(old.id(), Errors.FENCED_INSTANCE_ID));
        Reply<org.apache.kafka.common.message.SyncGroupResponseData> sync = old.awaitedSync;
        old.awaitedSync = null;
        if (sync != null) {
            turn.refuse(sync, Errors.FENCED_INSTANCE_ID);
        }
    }

    /// A leader that has come back is told not to share out again; a client that does not know that
    /// is told that the old one leads.
    private static JoinGroupResponseData unnoticed(
            ClassicGroup group, ClassicMember member, Join join, @Nullable String oldLeader) {
        boolean leads = member.id().equals(group.leader());
        if (join.version() >= KNOWS_SKIP_ASSIGNMENT) {
            List<JoinGroupResponseData.JoinGroupResponseMember> everyone =
                    leads ? ClassicRebalance.everyone(group) : List.of();
            return ClassicRebalance.joined(group, member, everyone).setSkipAssignment(leads);
        }
        return ClassicRebalance.joined(group, member, List.of()).setLeader(oldLeader);
    }

    private static void rejoin(
            ClassicGroup group, Join join, Reply<JoinGroupResponseData> reply, Turn turn) {
        String memberId = join.request().memberId();
        Errors error = ClassicRequests.check(group, memberId, join.request().groupInstanceId());
        ClassicMember member = group.member(memberId);
        if (error != Errors.NONE || member == null) {
            turn.send(reply, refused(memberId, error));
            return;
        }
        boolean isSame = member.hasSameProtocols(join.protocols());
        boolean leads = memberId.equals(group.leader());
        boolean rebalances =
                switch (group.state()) {
                    case PREPARING_REBALANCE -> true;
                    // The answer to the same join may have been lost.
                    case COMPLETING_REBALANCE -> !isSame;
                    // A leader joins because it has seen something that changes the assignment.
                    case STABLE -> leads || !isSame;
                    case EMPTY -> false;
                };
        if (!rebalances) {
            List<JoinGroupResponseData.JoinGroupResponseMember> everyone =
                    leads ? ClassicRebalance.everyone(group) : List.of();
            group.touch(member, turn.now());
            turn.send(reply, ClassicRebalance.joined(group, member, everyone));
            return;
        }
        member.changeTerms(join.terms());
        Reply<JoinGroupResponseData> former = member.awaitedJoin;
        if (former != null) {
            turn.refuse(former, Errors.REBALANCE_IN_PROGRESS);
        }
        member.awaitedJoin = reply;
        ClassicRebalance.rebalanceOrComplete(group, turn);
    }
}

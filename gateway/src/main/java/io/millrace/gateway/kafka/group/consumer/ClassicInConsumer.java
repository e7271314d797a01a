package io.millrace.gateway.kafka.group.consumer;

import io.millrace.gateway.kafka.group.classic.ClassicJoins.Join;
import io.millrace.gateway.kafka.group.classic.ClassicMember;
import io.millrace.gateway.kafka.group.consumer.ConsumerMember.Classic;
import io.millrace.gateway.kafka.group.consumer.ConsumerMember.Client;
import io.millrace.gateway.kafka.group.consumer.ConsumerMember.Profile;
import io.millrace.gateway.kafka.group.consumer.ConsumerMember.State;
import io.millrace.gateway.kafka.group.state.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Members that speak the classic protocol in a group of the new one, while clients are brought to
/// the new one or back: their generation is their member's epoch, a rebalance is a join that
/// reports what they own, and what they are to have comes from the coordinator instead of a leader.
/// Errors are thrown as Kafka's exceptions. Only for the coordinator's thread.
public final class ClassicInConsumer {
    private final Assignments assignments;

    public ClassicInConsumer(Assignments assignments) {
        this.assignments = assignments;
    }

    /// A member joins, at once.
    ///
    /// @param newId for a member that has none
    public JoinGroupResponseData join(ConsumerGroup group, Join join, String newId, Turn turn) {
        JoinGroupRequestData request = join.request();
        boolean isNew = request.memberId().isEmpty();
        String memberId = isNew ? newId : request.memberId();
        checkProtocols(group, request, join.protocols());
        ConsumerProtocolSubscription subscription = EmbeddedProtocol.subscription(join.protocols());
        if (join.requiresKnownId()) {
            return new JoinGroupResponseData()
                    .setMemberId(memberId)
                    .setErrorCode(Errors.MEMBER_ID_REQUIRED.code());
        }
        ConsumerMember known = find(group, request, memberId, isNew);
        if (known == null && group.members().size() >= group.config().bounds().members()) {
            throw Errors.GROUP_MAX_SIZE_REACHED.exception("the group has no room for another");
        }
        Profile profile = profile(join, subscription);
        ConsumerMember member =
                known != null && known.id().equals(memberId)
                        ? known
                        : ConsumerRequests.joined(group, known, memberId, turn);
        if (known == null) {
            member.changeProfile(profile);
            group.add(member);
        }
        boolean isOther = known == null || !profile.hasSameSubscription(known.profile());
        member.changeProfile(profile);
        group.changed(member);
        assignments.update(group, isOther);
        Partitions owned = EmbeddedProtocol.owned(subscription, assignments.catalog());
        Reconciliation.step(group, member, owned, turn.now());
        group.touch(member, turn.now());
        group.expectStep(member, turn.now());
        group.store(turn);
        return new JoinGroupResponseData()
                .setMemberId(memberId)
                .setGenerationId(member.epoch)
                .setProtocolType(EmbeddedProtocol.TYPE)
                .setProtocolName(join.protocols().getFirst().name());
    }

    private static void checkProtocols(
            ConsumerGroup group,
            JoinGroupRequestData request,
            List<ClassicMember.Protocol> protocols) {
        boolean isCommon =
                protocols.stream()
                        .anyMatch(each ->
                                group.members().stream()
                                        .allMatch(member -> knows(member, each.name())));
        if (!EmbeddedProtocol.TYPE.equals(request.protocolType()) || !isCommon) {
            throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception(
                    "the member's protocols are not those of the group");
        }
    }

    private static boolean knows(ConsumerMember member, String protocol) {
        Classic classic = member.profile().classic();
        return classic == null
                || classic.protocols().stream().anyMatch(each -> each.name().equals(protocol));
    }

    private static @Nullable ConsumerMember find(
            ConsumerGroup group, JoinGroupRequestData request, String memberId, boolean isNew) {
        if (request.groupInstanceId() == null) {
            return group.member(memberId);
        }
        ConsumerMember known = group.staticMember(request.groupInstanceId());
        if (!isNew) {
            ConsumerRequests.checkInstance(known, memberId);
        }
        return known;
    }

    private static Profile profile(Join join, ConsumerProtocolSubscription subscription) {
        ClassicMember.Terms terms = join.terms();
        return new Profile(
                join.request().groupInstanceId(),
                subscription.rackId(),
                new Client(join.clientId(), join.host()),
                terms.rebalanceMillis(),
                null,
                List.copyOf(new TreeSet<>(subscription.topics())),
                null,
                new Classic(terms.sessionMillis(), terms.protocols()));
    }

    private static ConsumerMember member(
            ConsumerGroup group, String memberId, @Nullable String instanceId) {
        ConsumerMember member = group.member(memberId);
        if (instanceId != null) {
            member = group.staticMember(instanceId);
            ConsumerRequests.checkInstance(member, memberId);
        }
        if (member == null || !member.isClassic()) {
            throw Errors.UNKNOWN_MEMBER_ID.exception("the group has no such classic member");
        }
        return member;
    }

    private static ConsumerMember member(
            ConsumerGroup group, String memberId, @Nullable String instanceId, int generation) {
        ConsumerMember member = member(group, memberId, instanceId);
        if (generation != member.epoch) {
            throw Errors.ILLEGAL_GENERATION.exception(
                    "the member's generation is %d, not %d".formatted(member.epoch, generation));
        }
        return member;
    }

    /// A member asks for what it is to have.
    public SyncGroupResponseData sync(
            ConsumerGroup group, SyncGroupRequestData request, Turn turn) {
        ConsumerMember member =
                member(
                        group,
                        request.memberId(),
                        request.groupInstanceId(),
                        request.generationId());
        Classic classic = member.profile().classic();
        List<ClassicMember.Protocol> protocols = classic == null ? List.of() : classic.protocols();
        boolean isOtherType =
                request.protocolType() != null
                        && !EmbeddedProtocol.TYPE.equals(request.protocolType());
        boolean isOtherName =
                request.protocolName() != null
                        && !request.protocolName().equals(protocols.getFirst().name());
        if (isOtherType || isOtherName) {
            throw Errors.INCONSISTENT_GROUP_PROTOCOL.exception(
                    "the protocol is not the one of the answer to the join");
        }
        if (group.epoch() > member.epoch && member.state != State.UNREVOKED) {
            expectJoin(group, member, turn);
            throw Errors.REBALANCE_IN_PROGRESS.exception("the member has to join again");
        }
        member.stepDeadline = Long.MAX_VALUE;
        group.touch(member, turn.now());
        return new SyncGroupResponseData()
                .setProtocolType(request.protocolType())
                .setProtocolName(request.protocolName())
                .setAssignment(
                        EmbeddedProtocol.assignment(
                                member.assigned, protocols, assignments.catalog()));
    }

    private static void expectJoin(ConsumerGroup group, ConsumerMember member, Turn turn) {
        if (member.stepDeadline == Long.MAX_VALUE) {
            group.expectStep(member, turn.now());
        }
    }

    /// A member says that it is there, and hears whether it has to join again: the group has gone
    /// on, it has to give something up, or something it waits for is free.
    public Errors heartbeat(ConsumerGroup group, HeartbeatRequestData request, Turn turn) {
        ConsumerMember member =
                member(
                        group,
                        request.memberId(),
                        request.groupInstanceId(),
                        request.generationId());
        group.touch(member, turn.now());
        boolean isUnreleased = member.state == State.UNRELEASED;
        boolean joins =
                member.epoch < group.epoch()
                        || member.state == State.UNREVOKED
                        || (isUnreleased && Reconciliation.canGoOn(group, member));
        if (joins) {
            expectJoin(group, member, turn);
            return Errors.REBALANCE_IN_PROGRESS;
        }
        return Errors.NONE;
    }

    /// Members leave.
    public List<MemberResponse> leave(
            ConsumerGroup group, List<MemberIdentity> leaving, Turn turn) {
        List<MemberResponse> responses = new ArrayList<>();
        for (MemberIdentity each : leaving) {
            MemberResponse response =
                    new MemberResponse()
                            .setMemberId(each.memberId())
                            .setGroupInstanceId(each.groupInstanceId());
            try {
                ConsumerMember named = group.staticMember(each.groupInstanceId());
                String memberId =
                        each.memberId().isEmpty() && named != null ? named.id() : each.memberId();
                ConsumerMember member = member(group, memberId, each.groupInstanceId());
                ConsumerRequests.fence(group, member, turn);
                response.setMemberId(member.id());
            } catch (ApiException e) {
                response.setErrorCode(Errors.forException(e).code());
            }
            responses.add(response);
        }
        group.store(turn);
        return responses;
    }
}

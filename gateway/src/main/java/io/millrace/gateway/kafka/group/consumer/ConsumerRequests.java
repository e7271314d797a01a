package io.millrace.gateway.kafka.group.consumer;

import io.millrace.gateway.kafka.group.consumer.ConsumerMember.Client;
import io.millrace.gateway.kafka.group.consumer.ConsumerMember.Profile;
import io.millrace.gateway.kafka.group.consumer.ConsumerMember.State;
import io.millrace.gateway.kafka.group.state.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.Assignment;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData.TopicPartitions;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What the members of a consumer group ask for, and what time does to them. Errors are thrown as
/// Kafka's exceptions, before anything has changed. Only for the coordinator's thread.
public final class ConsumerRequests {
    private static final int LEFT = -1;

    private final Assignments assignments;

    public ConsumerRequests(Assignments assignments) {
        this.assignments = assignments;
    }

    /// What is wrong with a request whatever group it is for.
    ///
    /// @param version of the request
    public void check(ConsumerGroupHeartbeatRequestData request, int version) {
        int epoch = request.memberEpoch();
        refuseIf(epoch < ConsumerMember.LEFT_FOR_A_WHILE, "the member epoch is not valid");
        refuseIf(
                request.memberId().isEmpty() && (version > 0 || epoch != 0),
                "the member's id is missing");
        refuseIf(isEmpty(request.instanceId()), "the instance id is empty");
        refuseIf(isEmpty(request.rackId()), "the rack id is empty");
        refuseIf(
                epoch == ConsumerMember.LEFT_FOR_A_WHILE && request.instanceId() == null,
                "only a static member, with an instance id, leaves for a while");
        if (epoch == 0) {
            refuseIf(request.rebalanceTimeoutMs() <= 0, "the rebalance timeout is missing");
            refuseIf(
                    request.topicPartitions() != null && !request.topicPartitions().isEmpty(),
                    "a member that joins has no partitions");
            refuseIf(
                    request.subscribedTopicNames() == null
                            && request.subscribedTopicRegex() == null,
                    "topic names or a regular expression are missing");
        }
        String assignor = request.serverAssignor();
        if (assignor != null && !assignments.knows(assignor)) {
            throw Errors.UNSUPPORTED_ASSIGNOR.exception(
                    "there is no assignor " + assignor + " but uniform and range");
        }
        assignments.check(request.subscribedTopicRegex());
    }

    private static boolean isEmpty(@Nullable String text) {
        return text != null && text.isEmpty();
    }

    private static void refuseIf(boolean isWrong, String why) {
        if (isWrong) {
            throw Errors.INVALID_REQUEST.exception(why);
        }
    }

    /// A member joins, or reports.
    ///
    /// @param newId for a member that has none
    public ConsumerGroupHeartbeatResponseData heartbeat(
            ConsumerGroup group,
            ConsumerGroupHeartbeatRequestData request,
            Client client,
            String newId,
            Turn turn) {
        String memberId = request.memberId().isEmpty() ? newId : request.memberId();
        Partitions owned = owned(request);
        boolean joins = request.memberEpoch() == 0;
        ConsumerMember known = find(group, request, memberId, owned);
        if (known == null && group.members().size() >= group.config().bounds().members()) {
            throw Errors.GROUP_MAX_SIZE_REACHED.exception("the group has no room for another");
        }
        ConsumerMember member = joins ? joined(group, known, memberId, turn) : known;
        if (member == null) {
            throw Errors.UNKNOWN_MEMBER_ID.exception("the group has no such member");
        }
        Profile changed = profile(member.profile(), request, client);
        Partitions assignedBefore = known == null ? Partitions.NONE : known.assigned;
        boolean isOther = known == null || !changed.hasSameSubscription(known.profile());
        boolean isClassicNoMore = member.isClassic();
        if (isClassicNoMore) {
            member.stepDeadline = Long.MAX_VALUE;
        }
        if (!changed.equals(member.profile())) {
            member.changeProfile(changed);
            group.changed(member);
        }
        if (group.member(memberId) == null) {
            group.add(member);
        }
        assignments.update(group, isOther);
        Reconciliation.step(group, member, joins ? Partitions.NONE : owned, turn.now());
        group.touch(member, turn.now());
        group.store(turn);
        boolean isFull =
                joins
                        || (request.rebalanceTimeoutMs() != -1
                                && (request.subscribedTopicNames() != null
                                        || request.subscribedTopicRegex() != null)
                                && owned != null);
        return answer(group, member, isFull || !assignedBefore.equals(member.assigned));
    }

    /// The member that a request is from.
    ///
    /// @return `null` for one that joins and is not known
    private static @Nullable ConsumerMember find(
            ConsumerGroup group,
            ConsumerGroupHeartbeatRequestData request,
            String memberId,
            @Nullable Partitions owned) {
        int epoch = request.memberEpoch();
        ConsumerMember known;
        if (request.instanceId() == null) {
            known = group.member(memberId);
        } else {
            known = group.staticMember(request.instanceId());
            ConsumerMember named = group.member(memberId);
            refuseIf(
                    epoch == 0 && named != null && !named.equals(known),
                    "the member's id is one that another has");
            if (epoch == 0) {
                boolean isUnreleased =
                        known != null
                                && !known.isClassic()
                                && known.epoch != ConsumerMember.LEFT_FOR_A_WHILE
                                && !known.id().equals(memberId);
                if (isUnreleased) {
                    throw Errors.UNRELEASED_INSTANCE_ID.exception(
                            "another member has this instance id and has not left");
                }
            } else {
                checkInstance(known, memberId);
            }
        }
        if (epoch != 0) {
            checkEpoch(known, epoch, owned);
        }
        return known;
    }

    static void checkInstance(@Nullable ConsumerMember known, String memberId) {
        if (known == null) {
            throw Errors.UNKNOWN_MEMBER_ID.exception("the group does not know this instance id");
        }
        if (!known.id().equals(memberId)) {
            throw Errors.FENCED_INSTANCE_ID.exception("another member has this instance id now");
        }
    }

    private static void checkEpoch(
            @Nullable ConsumerMember member, int epoch, @Nullable Partitions owned) {
        if (member == null) {
            throw Errors.UNKNOWN_MEMBER_ID.exception("the group has no such member");
        }
        // The answer with the new epoch may have been lost.
        boolean isLate =
                epoch == member.previousEpoch
                        && owned != null
                        && member.assigned.containsAll(owned);
        if (epoch != member.epoch && !(epoch < member.epoch && isLate)) {
            throw Errors.FENCED_MEMBER_EPOCH.exception(
                    "the member's epoch is %d, not %d: it has to join anew without partitions"
                            .formatted(member.epoch, epoch));
        }
    }

    /// A member that joins has nothing, whatever is known of it, and gets what is its own.
    static ConsumerMember joined(
            ConsumerGroup group, @Nullable ConsumerMember known, String memberId, Turn turn) {
        Profile nobody =
                new Profile(null, null, new Client("", ""), -1, null, List.of(), null, null);
        ConsumerMember member =
                new ConsumerMember(memberId, known == null ? nobody : known.profile());
        if (known != null) {
            member.assigned = known.assigned;
            member.target = known.target;
            member.state = State.UNRELEASED;
            group.remove(known, turn.now());
            group.owners.take(memberId, member.assigned);
            group.add(member);
        }
        return member;
    }

    private static Profile profile(
            Profile old, ConsumerGroupHeartbeatRequestData request, Client client) {
        List<String> names = request.subscribedTopicNames();
        return new Profile(
                request.instanceId() == null ? old.instanceId() : request.instanceId(),
                request.rackId() == null ? old.rack() : request.rackId(),
                client,
                request.rebalanceTimeoutMs() == -1
                        ? old.rebalanceMillis()
                        : request.rebalanceTimeoutMs(),
                request.serverAssignor() == null ? old.assignor() : request.serverAssignor(),
                names == null ? old.names() : List.copyOf(new TreeSet<>(names)),
                request.subscribedTopicRegex() == null
                        ? old.pattern()
                        : request.subscribedTopicRegex(),
                null);
    }

    private static @Nullable Partitions owned(ConsumerGroupHeartbeatRequestData request) {
        if (request.topicPartitions() == null) {
            return null;
        }
        Partitions.Builder owned = new Partitions.Builder();
        request.topicPartitions()
                .forEach(each ->
                        each.partitions().stream()
                                .filter(partition -> partition >= 0 && partition < 1 << 20)
                                .forEach(it -> owned.add(Catalog.id(each.topicId()), it)));
        return owned.build();
    }

    private static ConsumerGroupHeartbeatResponseData answer(
            ConsumerGroup group, ConsumerMember member, boolean hasAssignment) {
        ConsumerGroupHeartbeatResponseData response =
                new ConsumerGroupHeartbeatResponseData()
                        .setMemberId(member.id())
                        .setMemberEpoch(member.epoch)
                        .setHeartbeatIntervalMs(
                                (int) group.config().consumers().heartbeat(group.id()).toMillis());
        if (hasAssignment) {
            List<TopicPartitions> topics = new ArrayList<>();
            for (UUID topic : member.assigned.topics()) {
                List<Integer> numbers = new ArrayList<>();
                for (int partition : member.assigned.of(topic)) {
                    numbers.add(partition);
                }
                topics.add(
                        new TopicPartitions()
                                .setTopicId(Catalog.kafkaId(topic))
                                .setPartitions(numbers));
            }
            response.setAssignment(new Assignment().setTopicPartitions(topics));
        }
        return response;
    }

    /// A member leaves, for good or, if it is static, for a while.
    public ConsumerGroupHeartbeatResponseData leave(
            ConsumerGroup group, ConsumerGroupHeartbeatRequestData request, Turn turn) {
        ConsumerMember member;
        if (request.instanceId() == null) {
            member = group.member(request.memberId());
        } else {
            member = group.staticMember(request.instanceId());
            checkInstance(member, request.memberId());
        }
        if (member == null) {
            throw Errors.UNKNOWN_MEMBER_ID.exception("the group has no such member");
        }
        if (request.memberEpoch() == LEFT) {
            fence(group, member, turn);
        } else {
            group.owners.release(member.id(), member.revoking);
            member.revoking = Partitions.NONE;
            member.state = State.UNRELEASED;
            member.epoch = ConsumerMember.LEFT_FOR_A_WHILE;
            member.stepDeadline = Long.MAX_VALUE;
            group.changed(member);
        }
        group.store(turn);
        return new ConsumerGroupHeartbeatResponseData()
                .setMemberId(request.memberId())
                .setMemberEpoch(request.memberEpoch());
    }

    /// Takes a member out; what it had is shared out when the others report.
    static void fence(ConsumerGroup group, ConsumerMember member, Turn turn) {
        group.remove(member, turn.now());
        group.raiseEpoch();
    }

    /// Does what is due: members that were silent too long are out, and those that did not do their
    /// step in time.
    public static void tick(ConsumerGroup group, Turn turn) {
        for (ConsumerMember member : List.copyOf(group.members())) {
            if (member.sessionDeadline <= turn.now() || member.stepDeadline <= turn.now()) {
                fence(group, member, turn);
            }
        }
        group.computeDeadline();
        group.store(turn);
    }

    /// Whether offsets may be committed or fetched by a member; thrown if not.
    ///
    /// @param epoch the member's; its generation if it speaks the classic protocol
    public static Errors checkEpoch(ConsumerGroup group, String memberId, int epoch) {
        ConsumerMember member = group.member(memberId);
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        if (epoch == member.epoch) {
            return Errors.NONE;
        }
        return member.isClassic() ? Errors.ILLEGAL_GENERATION : Errors.STALE_MEMBER_EPOCH;
    }
}

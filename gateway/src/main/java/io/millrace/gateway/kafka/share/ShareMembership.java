package io.millrace.gateway.kafka.share;

import io.millrace.broker.Topics;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Who is a member of which share group: answers ShareGroupHeartbeat. Everything but [#handle]
/// happens on the coordinator's serial.
///
/// Members are not remembered beyond a restart: one that is not known joins again by itself, and
/// what it held is in the cursors.
final class ShareMembership {
    private static final int ID_LENGTH_MAX = 249;
    private static final int LEAVING = -1;

    private final ShareGround ground;
    private final ShareSettings settings;
    private final ShareOpening opening;
    private final ShareSessions sessions;
    private final Map<String, ShareGroup> groups = new HashMap<>();

    /// How many members each group has; for every thread to read.
    private final Map<String, Integer> sizes = new ConcurrentHashMap<>();

    ShareMembership(
            ShareGround ground,
            ShareSettings settings,
            ShareOpening opening,
            ShareSessions sessions) {
        this.ground = ground;
        this.settings = settings;
        this.opening = opening;
        this.sessions = sessions;
    }

    private static ShareGroupHeartbeatResponseData refusal(Errors error, @Nullable String message) {
        return new ShareGroupHeartbeatResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(message == null ? error.message() : message);
    }

    /// Any thread.
    void handle(KafkaRequest request, Answer answer) {
        ShareGroupHeartbeatRequestData data = (ShareGroupHeartbeatRequestData) request.message();
        String wrong = problem(data);
        if (wrong != null) {
            answer.send(refusal(Errors.INVALID_REQUEST, wrong));
            return;
        }
        List<String> topics = data.subscribedTopicNames();
        if (topics == null || topics.isEmpty() || data.memberEpoch() == LEAVING) {
            ground.serial().run(() -> heartbeat(request, data, answer));
            return;
        }
        // What is drained begins when a member joins, not when it fetches for the first time.
        ground.waiting()
                .execute(() -> {
                    Errors refused = open(request, data.groupId(), topics);
                    if (refused == Errors.NONE) {
                        ground.serial().run(() -> heartbeat(request, data, answer));
                    } else {
                        answer.send(refusal(refused, null));
                    }
                });
    }

    private static @Nullable String problem(ShareGroupHeartbeatRequestData data) {
        if (data.groupId().isEmpty() || data.groupId().indexOf('\n') >= 0) {
            return "a group has to be named";
        }
        if (data.memberId().isEmpty() || data.memberId().length() > ID_LENGTH_MAX) {
            return "a member has to be named, in at most %d characters".formatted(ID_LENGTH_MAX);
        }
        if (data.memberEpoch() < LEAVING) {
            return "%d is no epoch of a member".formatted(data.memberEpoch());
        }
        if (data.rackId() != null && data.rackId().isEmpty()) {
            return "a rack that is named has a name";
        }
        List<String> topics = data.subscribedTopicNames();
        if (data.memberEpoch() == 0 && (topics == null || topics.isEmpty())) {
            return "who joins has to name topics";
        }
        return null;
    }

    /// May wait.
    private Errors open(KafkaRequest request, String group, List<String> topics) {
        if (settings.isTaken(group)) {
            return Errors.GROUP_ID_NOT_FOUND;
        }
        for (String name : topics) {
            Topics.Topic topic = ground.topics().find(request.peer().principal(), name);
            if (topic == null) {
                continue;
            }
            try {
                var _ = opening.open(request.peer().principal(), group, topic);
            } catch (MillraceException e) {
                Errors error = Settlements.error(e);
                if (error != Errors.UNKNOWN_TOPIC_OR_PARTITION) {
                    return error == Errors.TOPIC_AUTHORIZATION_FAILED
                            ? error
                            : Errors.COORDINATOR_NOT_AVAILABLE;
                }
            }
        }
        return Errors.NONE;
    }

    private void heartbeat(
            KafkaRequest request, ShareGroupHeartbeatRequestData data, Answer answer) {
        if (data.memberEpoch() == LEAVING) {
            answer.send(leave(data));
            return;
        }
        ShareGroup group = groups.get(data.groupId());
        ShareGroup.Member known = group == null ? null : group.members().get(data.memberId());
        Errors wrong = check(data, group, known);
        if (wrong != Errors.NONE) {
            answer.send(refusal(wrong, null));
            return;
        }
        if (group == null) {
            group = groups.computeIfAbsent(data.groupId(), _ -> new ShareGroup());
        }
        boolean isNew = known == null;
        ShareGroup.Member member = group.obtain(data.memberId());
        sizes.put(data.groupId(), group.members().size());
        member.clientId = request.clientId() == null ? "" : request.clientId();
        member.host = request.peer().address();
        if (data.rackId() != null) {
            member.rack = data.rackId();
        }
        boolean hasSubscribed = false;
        if (data.subscribedTopicNames() != null) {
            TreeSet<String> topics = new TreeSet<>(data.subscribedTopicNames());
            hasSubscribed = !topics.equals(member.topics);
            member.topics = topics;
        }
        List<ShareGroup.Assigned> assigned = assigned(request, member);
        boolean isMoved = !assigned.equals(member.assigned);
        if (isNew || hasSubscribed || isMoved) {
            group.changed();
        }
        member.assigned = assigned;
        // One that goes on with an older epoch may not have got the last answer.
        boolean isTold =
                data.memberEpoch() != 0
                        && data.memberEpoch() == member.epoch
                        && !isMoved
                        && !hasSubscribed;
        if (member.epoch != group.epoch()) {
            member.previousEpoch = member.epoch;
            member.epoch = group.epoch();
        }
        expect(data.groupId(), member);
        answer.send(alive(data.groupId(), member, isTold));
    }

    private Errors check(
            ShareGroupHeartbeatRequestData data,
            @Nullable ShareGroup group,
            ShareGroup.@Nullable Member known) {
        if (data.memberEpoch() == 0) {
            boolean isFull =
                    known == null
                            && group != null
                            && group.members().size() >= settings.membersMax();
            return isFull ? Errors.GROUP_MAX_SIZE_REACHED : Errors.NONE;
        }
        if (known == null) {
            // Also where the server has started anew: the consumer joins again then.
            return Errors.UNKNOWN_MEMBER_ID;
        }
        boolean isCurrent =
                data.memberEpoch() == known.epoch || data.memberEpoch() == known.previousEpoch;
        return isCurrent ? Errors.NONE : Errors.FENCED_MEMBER_EPOCH;
    }

    private List<ShareGroup.Assigned> assigned(KafkaRequest request, ShareGroup.Member member) {
        List<ShareGroup.Assigned> assigned = new ArrayList<>();
        for (String name : member.topics) {
            Topics.Topic topic = ground.topics().find(request.peer().principal(), name);
            if (topic != null) {
                assigned.add(
                        new ShareGroup.Assigned(
                                ShareOpening.id(topic.id()), name, topic.partitions()));
            }
        }
        return assigned;
    }

    private void expect(String groupId, ShareGroup.Member member) {
        if (member.timer != null) {
            member.timer.cancel();
        }
        member.timer =
                ground.serial()
                        .after(settings.sessionTimeout(groupId), () -> remove(groupId, member.id));
    }

    private ShareGroup.@Nullable Member remove(String groupId, String memberId) {
        ShareGroup group = groups.get(groupId);
        ShareGroup.Member gone = group == null ? null : group.remove(memberId);
        if (gone != null) {
            left(groupId);
            sessions.left(groupId, memberId);
        }
        return gone;
    }

    private void left(String groupId) {
        if (sizes.merge(groupId, -1, Integer::sum) <= 0) {
            sizes.remove(groupId);
        }
    }

    private ShareGroupHeartbeatResponseData leave(ShareGroupHeartbeatRequestData data) {
        ShareGroup group = groups.get(data.groupId());
        if (group == null || !group.members().containsKey(data.memberId())) {
            return refusal(Errors.UNKNOWN_MEMBER_ID, null);
        }
        // The session is closed by itself, and gives back what it holds then.
        var _ = group.remove(data.memberId());
        left(data.groupId());
        return new ShareGroupHeartbeatResponseData()
                .setMemberId(data.memberId())
                .setMemberEpoch(LEAVING);
    }

    private ShareGroupHeartbeatResponseData alive(
            String group, ShareGroup.Member member, boolean isTold) {
        ShareGroupHeartbeatResponseData alive =
                new ShareGroupHeartbeatResponseData()
                        .setMemberId(member.id)
                        .setMemberEpoch(member.epoch)
                        .setHeartbeatIntervalMs((int) settings.heartbeatInterval(group).toMillis());
        if (isTold) {
            return alive;
        }
        ShareGroupHeartbeatResponseData.Assignment assignment =
                new ShareGroupHeartbeatResponseData.Assignment();
        for (ShareGroup.Assigned topic : member.assigned) {
            assignment
                    .topicPartitions()
                    .add(
                            new ShareGroupHeartbeatResponseData.TopicPartitions()
                                    .setTopicId(topic.id())
                                    .setPartitions(
                                            IntStream.range(0, topic.partitions())
                                                    .boxed()
                                                    .toList()));
        }
        return alive.setAssignment(assignment);
    }

    /// A group's members; `null` if it has none and never had since the start.
    @Nullable ShareGroup find(String groupId) {
        return groups.get(groupId);
    }

    /// How many members a group has. Any thread.
    int size(String groupId) {
        return sizes.getOrDefault(groupId, 0);
    }

    /// The groups that have members. Any thread.
    Set<String> live() {
        return Set.copyOf(sizes.keySet());
    }

    /// Forgets a group without members.
    void forget(String groupId) {
        groups.remove(groupId);
    }
}

package io.millrace.gateway.kafka.group.consumer;

import io.millrace.event.Bytes;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import io.millrace.gateway.kafka.group.state.RowKey;
import io.millrace.gateway.kafka.group.state.RowKey.Kind;
import io.millrace.gateway.kafka.group.state.RowReader;
import io.millrace.gateway.kafka.group.state.RowWriter;
import io.millrace.gateway.kafka.group.state.Turn;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A group to whose members the coordinator assigns: its members, who has which partition, and the
/// epochs of the group and of what it is on its way to. What happens when is in [Assignments],
/// [Reconciliation], [ConsumerRequests] and [ClassicInConsumer].
///
/// Everything but the sessions is in the table before anyone hears of it.
///
/// Only for the coordinator's thread.
public final class ConsumerGroup {
    private static final int ROW_VERSION = 1;

    private final String id;
    private final GroupConfig config;
    private final Map<String, ConsumerMember> members = new LinkedHashMap<>();
    private final Map<String, String> staticIds = new HashMap<>();
    private final Set<String> changed = new HashSet<>();
    private final Set<String> removed = new HashSet<>();
    private boolean isChanged = true;
    private int epoch;
    private int assignmentEpoch;
    private long emptySince;

    final Owners owners = new Owners();

    /// Of the topics that are subscribed to and their partitions.
    long topicsHash;

    /// Up to which version the topics have been looked at.
    long catalogVersion = -1;

    private long nextDeadline = Long.MAX_VALUE;

    public ConsumerGroup(String id, GroupConfig config, long nowMillis) {
        this.id = id;
        this.config = config;
        this.emptySince = nowMillis;
    }

    public String id() {
        return id;
    }

    GroupConfig config() {
        return config;
    }

    public int epoch() {
        return epoch;
    }

    void raiseEpoch() {
        epoch++;
        isChanged = true;
    }

    public int assignmentEpoch() {
        return assignmentEpoch;
    }

    void assignedAt(int newEpoch) {
        assignmentEpoch = newEpoch;
        isChanged = true;
    }

    /// Begins with the generation of the classic group that it was.
    void begin(int generation) {
        epoch = generation;
        assignmentEpoch = generation;
    }

    void sawTopics(long hash) {
        topicsHash = hash;
        isChanged = true;
    }

    /// Since when it has no members, as milliseconds since 1970.
    public long emptySince() {
        return emptySince;
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    public Collection<ConsumerMember> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    public @Nullable ConsumerMember member(String memberId) {
        return members.get(memberId);
    }

    public @Nullable ConsumerMember staticMember(@Nullable String instanceId) {
        String memberId = instanceId == null ? null : staticIds.get(instanceId);
        return memberId == null ? null : members.get(memberId);
    }

    /// How far it is, with the names that Kafka's tools show.
    public String shownState() {
        if (members.isEmpty()) {
            return "Empty";
        }
        if (epoch > assignmentEpoch) {
            return "Assigning";
        }
        boolean isStable =
                members.values().stream()
                        .allMatch(member ->
                                member.epoch == assignmentEpoch
                                        && member.state == ConsumerMember.State.STABLE);
        return isStable ? "Stable" : "Reconciling";
    }

    boolean hasOnlyClassic(@Nullable ConsumerMember except) {
        return members.values().stream()
                .allMatch(member -> member.isClassic() || member.equals(except));
    }

    void add(ConsumerMember member) {
        members.put(member.id(), member);
        String instanceId = member.profile().instanceId();
        if (instanceId != null) {
            staticIds.put(instanceId, member.id());
        }
        removed.remove(member.id());
        changed.add(member.id());
    }

    void remove(ConsumerMember member, long nowMillis) {
        owners.release(member.id(), member.assigned);
        owners.release(member.id(), member.revoking);
        members.remove(member.id());
        String instanceId = member.profile().instanceId();
        if (instanceId != null) {
            staticIds.remove(instanceId, member.id());
        }
        changed.remove(member.id());
        removed.add(member.id());
        if (members.isEmpty()) {
            emptySince = nowMillis;
            isChanged = true;
        }
    }

    void changed(ConsumerMember member) {
        changed.add(member.id());
    }

    /// Notes that something is due at a time.
    void due(long deadline) {
        nextDeadline = Math.min(nextDeadline, deadline);
    }

    /// When [ConsumerRequests#tick] is to be called at the latest; `Long.MAX_VALUE` for never.
    public long nextDeadline() {
        return nextDeadline;
    }

    void computeDeadline() {
        long next = Long.MAX_VALUE;
        for (ConsumerMember member : members.values()) {
            next = Math.min(next, Math.min(member.sessionDeadline, member.stepDeadline));
        }
        nextDeadline = next;
    }

    /// Begins a member's session anew.
    void touch(ConsumerMember member, long nowMillis) {
        ConsumerMember.Classic classic = member.profile().classic();
        long session =
                classic == null
                        ? config.consumers().session(id).toMillis()
                        : classic.sessionMillis();
        member.sessionDeadline = nowMillis + session;
        due(member.sessionDeadline);
    }

    /// Has a member do its next step within its rebalance timeout.
    void expectStep(ConsumerMember member, long nowMillis) {
        member.stepDeadline = nowMillis + member.profile().rebalanceMillis();
        due(member.stepDeadline);
    }

    /// Writes what has changed.
    public void store(Turn turn) {
        if (isChanged) {
            turn.put(
                    new RowKey(Kind.CONSUMER, id, ""),
                    new RowWriter(ROW_VERSION)
                            .number(epoch)
                            .number(assignmentEpoch)
                            .number(topicsHash)
                            .number(emptySince)
                            .done());
            isChanged = false;
        }
        removed.forEach(old -> turn.remove(new RowKey(Kind.CONSUMER_MEMBER, id, old)));
        removed.clear();
        for (String memberId : changed) {
            ConsumerMember member = members.get(memberId);
            if (member != null) {
                turn.put(new RowKey(Kind.CONSUMER_MEMBER, id, memberId), member.row());
            }
        }
        changed.clear();
    }

    /// Takes everything of the group out of the table.
    public void unstore(Turn turn) {
        turn.remove(new RowKey(Kind.CONSUMER, id, ""));
        for (String memberId : members.keySet()) {
            turn.remove(new RowKey(Kind.CONSUMER_MEMBER, id, memberId));
        }
        removed.forEach(old -> turn.remove(new RowKey(Kind.CONSUMER_MEMBER, id, old)));
    }

    /// Takes over what the table has of the group as a whole.
    public void restore(Bytes bytes) {
        RowReader row = new RowReader(bytes, ROW_VERSION);
        epoch = row.integer();
        assignmentEpoch = row.integer();
        topicsHash = row.number();
        emptySince = row.number();
        isChanged = false;
    }

    /// Takes over what the table has of a member, after the group as a whole.
    ///
    /// @param nowMillis from when on its session counts
    public void restoreMember(String memberId, Bytes row, long nowMillis) {
        ConsumerMember member = ConsumerMember.of(memberId, row);
        add(member);
        changed.remove(memberId);
        owners.take(memberId, member.assigned);
        owners.take(memberId, member.revoking);
        touch(member, nowMillis);
        if (member.state == ConsumerMember.State.UNREVOKED) {
            expectStep(member, nowMillis);
        }
    }
}

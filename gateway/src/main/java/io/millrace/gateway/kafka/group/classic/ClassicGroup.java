package io.millrace.gateway.kafka.group.classic;

import io.millrace.event.Bytes;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import io.millrace.gateway.kafka.group.state.Reply;
import io.millrace.gateway.kafka.group.state.RowKey;
import io.millrace.gateway.kafka.group.state.RowKey.Kind;
import io.millrace.gateway.kafka.group.state.RowReader;
import io.millrace.gateway.kafka.group.state.RowWriter;
import io.millrace.gateway.kafka.group.state.Turn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// A group of the classic protocol: its members, and who of them has joined the next generation.
/// What happens when is in [ClassicRebalance], [ClassicJoins] and [ClassicRequests].
///
/// In the table there is the last generation whose assignments were given out. A generation that a
/// crash interrupts is begun anew: its members learn that theirs is not the one that is known.
///
/// Only for the coordinator's thread.
public final class ClassicGroup {
    private static final int ROW_VERSION = 1;

    private final String id;
    private final GroupConfig config;
    private final Map<String, ClassicMember> members = new LinkedHashMap<>();
    private final Map<String, String> staticIds = new HashMap<>();

    /// Ids that were given out in KIP-394's way and have not been used yet, with when they are
    /// forgotten.
    private final Map<String, Long> pendingIds = new LinkedHashMap<>();

    /// Members whose rows are in the table.
    private final Set<String> stored = new HashSet<>();

    private int generation;
    private @Nullable String protocolType;
    private @Nullable String protocol;
    private @Nullable String leader;
    private ClassicState state = ClassicState.EMPTY;
    private long emptySince;

    /// Of the current generation, those that have not asked for their assignment.
    final Set<String> pendingSyncs = new HashSet<>();

    /// When the wait for joins ends.
    long joinDeadline = Long.MAX_VALUE;

    /// When the wait for syncs ends.
    long syncDeadline = Long.MAX_VALUE;

    /// Whether the rebalance began with an empty group, so that it waits for more members to come.
    boolean isInitial;

    /// By how much the first rebalance may still be put off.
    long initialLeftMillis;

    boolean hasNewcomer;
    private long nextDeadline = Long.MAX_VALUE;

    public ClassicGroup(String id, GroupConfig config, long nowMillis) {
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

    public int generation() {
        return generation;
    }

    public ClassicState state() {
        return state;
    }

    void become(ClassicState next) {
        state = next;
    }

    public @Nullable String protocolType() {
        return protocolType;
    }

    public @Nullable String protocol() {
        return protocol;
    }

    public @Nullable String leader() {
        return leader;
    }

    /// Since when it has no members, as milliseconds since 1970.
    public long emptySince() {
        return emptySince;
    }

    public boolean isEmpty() {
        return members.isEmpty() && pendingIds.isEmpty();
    }

    public Collection<ClassicMember> members() {
        return Collections.unmodifiableCollection(members.values());
    }

    public @Nullable ClassicMember member(String memberId) {
        return members.get(memberId);
    }

    public @Nullable String staticMemberId(@Nullable String instanceId) {
        return instanceId == null ? null : staticIds.get(instanceId);
    }

    boolean isPending(String memberId) {
        return pendingIds.containsKey(memberId);
    }

    void addPending(String memberId, long deadline) {
        pendingIds.put(memberId, deadline);
        due(deadline);
    }

    boolean removePending(String memberId) {
        return pendingIds.remove(memberId) != null;
    }

    int pendingCount() {
        return pendingIds.size();
    }

    List<String> pendingUntil(long nowMillis) {
        List<String> over = new ArrayList<>();
        pendingIds.forEach((memberId, deadline) -> {
            if (deadline <= nowMillis) {
                over.add(memberId);
            }
        });
        return over;
    }

    /// Adds a member; the first one says what kind of protocol the group has.
    public void add(ClassicMember member, String type) {
        if (members.isEmpty()) {
            protocolType = type;
        }
        members.put(member.id(), member);
        String instanceId = member.identity().instanceId();
        if (instanceId != null) {
            staticIds.put(instanceId, member.id());
        }
        pendingIds.remove(member.id());
        if (leader == null) {
            leader = member.id();
        }
    }

    void remove(ClassicMember member) {
        members.remove(member.id());
        String instanceId = member.identity().instanceId();
        if (instanceId != null) {
            staticIds.remove(instanceId, member.id());
        }
        pendingSyncs.remove(member.id());
        if (member.id().equals(leader)) {
            leader = members.isEmpty() ? null : members.keySet().iterator().next();
        }
    }

    /// Puts a static member that has come back in the place of what it was before.
    ClassicMember replace(ClassicMember old, String newId) {
        ClassicMember member = old.renamed(newId);
        boolean wasLeader = old.id().equals(leader);
        remove(old);
        add(member, protocolType == null ? "" : protocolType);
        if (wasLeader) {
            leader = newId;
        }
        return member;
    }

    boolean hasAllJoined() {
        return pendingIds.isEmpty() && joinedCount() == members.size();
    }

    long joinedCount() {
        return members.values().stream().filter(member -> member.awaitedJoin != null).count();
    }

    /// The longest time that a member asks for to rejoin.
    int rebalanceMillis() {
        return members.values().stream()
                .mapToInt(member -> member.terms().rebalanceMillis())
                .max()
                .orElse(0);
    }

    /// Whether a member with these protocols fits in.
    boolean accepts(String type, List<ClassicMember.Protocol> protocols) {
        if (type.isEmpty() || protocols.isEmpty()) {
            return false;
        }
        if (members.isEmpty()) {
            return true;
        }
        return type.equals(protocolType)
                && protocols.stream()
                        .anyMatch(each ->
                                members.values().stream()
                                        .allMatch(member -> member.knows(each.name())));
    }

    /// The protocol that all members know and most like best.
    String electProtocol() {
        Map<String, Integer> votes = new LinkedHashMap<>();
        for (ClassicMember member : members.values()) {
            for (ClassicMember.Protocol each : member.terms().protocols()) {
                if (members.values().stream().allMatch(other -> other.knows(each.name()))) {
                    votes.merge(each.name(), 1, Integer::sum);
                    break;
                }
            }
        }
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("");
    }

    /// Makes sure that the leader is one that has joined.
    ///
    /// @return `false` if nobody has
    boolean electLeader() {
        ClassicMember current = leader == null ? null : members.get(leader);
        if (current != null && current.awaitedJoin != null) {
            return true;
        }
        for (ClassicMember member : members.values()) {
            if (member.awaitedJoin != null) {
                leader = member.id();
                return true;
            }
        }
        return false;
    }

    void nextGeneration(long nowMillis) {
        generation++;
        pendingSyncs.clear();
        joinDeadline = Long.MAX_VALUE;
        syncDeadline = Long.MAX_VALUE;
        isInitial = false;
        if (members.isEmpty()) {
            protocol = null;
            leader = null;
            state = ClassicState.EMPTY;
            emptySince = nowMillis;
        } else {
            protocol = electProtocol();
            state = ClassicState.COMPLETING_REBALANCE;
        }
    }

    /// Is stable at a generation, with members that were added with their assignments.
    public void settle(int atGeneration, long nowMillis) {
        generation = atGeneration;
        protocol = electProtocol();
        state = ClassicState.STABLE;
        members.values().forEach(member -> touch(member, nowMillis));
    }

    void answerJoin(Turn turn, ClassicMember member, JoinGroupResponseData response) {
        Reply<JoinGroupResponseData> awaited = member.awaitedJoin;
        if (awaited != null) {
            member.awaitedJoin = null;
            turn.send(awaited, response);
        }
    }

    boolean answerSync(Turn turn, ClassicMember member, SyncGroupResponseData response) {
        Reply<SyncGroupResponseData> awaited = member.awaitedSync;
        if (awaited == null) {
            return false;
        }
        member.awaitedSync = null;
        turn.send(awaited, response);
        return true;
    }

    /// Tells everyone who waits for an answer that there is none.
    public void abandon(Turn turn, Errors error) {
        for (ClassicMember member : members.values()) {
            Reply<JoinGroupResponseData> join = member.awaitedJoin;
            Reply<SyncGroupResponseData> sync = member.awaitedSync;
            member.awaitedJoin = null;
            member.awaitedSync = null;
            if (join != null) {
                turn.refuse(join, error);
            }
            if (sync != null) {
                turn.refuse(sync, error);
            }
        }
    }

    /// Notes that something is due at a time.
    void due(long deadline) {
        nextDeadline = Math.min(nextDeadline, deadline);
    }

    /// When [ClassicRequests#tick] is to be called at the latest; `Long.MAX_VALUE` for never.
    public long nextDeadline() {
        return nextDeadline;
    }

    void computeDeadline() {
        long next = Math.min(joinDeadline, syncDeadline);
        for (long deadline : pendingIds.values()) {
            next = Math.min(next, deadline);
        }
        for (ClassicMember member : members.values()) {
            next = Math.min(next, member.deadline);
        }
        nextDeadline = next;
    }

    /// Begins a member's session anew.
    void touch(ClassicMember member, long nowMillis) {
        touch(member, nowMillis, member.terms().sessionMillis());
    }

    void touch(ClassicMember member, long nowMillis, long millis) {
        member.deadline = nowMillis + millis;
        due(member.deadline);
    }

    /// Writes the group and all its members, and no others.
    public void store(Turn turn) {
        turn.put(
                new RowKey(Kind.CLASSIC, id, ""),
                new RowWriter(ROW_VERSION)
                        .number(generation)
                        .text(protocolType)
                        .text(protocol)
                        .text(leader)
                        .number(emptySince)
                        .done());
        for (String old : stored) {
            if (!members.containsKey(old)) {
                turn.remove(new RowKey(Kind.CLASSIC_MEMBER, id, old));
            }
        }
        stored.clear();
        for (ClassicMember member : members.values()) {
            turn.put(new RowKey(Kind.CLASSIC_MEMBER, id, member.id()), member.row());
            stored.add(member.id());
        }
    }

    /// Takes everything of the group out of the table.
    public void unstore(Turn turn) {
        turn.remove(new RowKey(Kind.CLASSIC, id, ""));
        stored.forEach(old -> turn.remove(new RowKey(Kind.CLASSIC_MEMBER, id, old)));
        stored.clear();
    }

    /// Takes over what the table has of the group as a whole.
    public void restore(Bytes bytes) {
        RowReader row = new RowReader(bytes, ROW_VERSION);
        generation = row.integer();
        protocolType = row.textOrNull();
        protocol = row.textOrNull();
        leader = row.textOrNull();
        emptySince = row.number();
    }

    /// Takes over what the table has of a member, after the group as a whole.
    ///
    /// @param nowMillis from when on its session counts
    public void restoreMember(String memberId, Bytes row, long nowMillis) {
        ClassicMember member = ClassicMember.of(memberId, row);
        String type = protocolType;
        add(member, type == null ? "" : type);
        stored.add(memberId);
        touch(member, nowMillis);
        state = ClassicState.STABLE;
    }
}

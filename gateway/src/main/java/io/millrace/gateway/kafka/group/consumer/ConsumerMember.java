package io.millrace.gateway.kafka.group.consumer;

import io.millrace.event.Bytes;
import io.millrace.gateway.kafka.group.classic.ClassicMember;
import io.millrace.gateway.kafka.group.state.RowReader;
import io.millrace.gateway.kafka.group.state.RowWriter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A member of a consumer group. Only for the coordinator's thread.
public final class ConsumerMember {
    static final int LEFT_FOR_A_WHILE = -2;
    private static final int ROW_VERSION = 1;

    /// How far a member is on its way to what it is to have.
    public enum State {
        STABLE(0),
        /// It has to give up partitions and say so.
        UNREVOKED(1),
        /// Partitions that it is to have are still another's.
        UNRELEASED(2);

        private final int code;

        State(int code) {
            this.code = code;
        }

        static State of(int code) {
            for (State each : values()) {
                if (each.code == code) {
                    return each;
                }
            }
            throw new IllegalArgumentException("no state of a member: " + code);
        }
    }

    /// What a member says about itself.
    ///
    /// @param assignor that it wishes for
    /// @param names of topics, sorted
    /// @param pattern of topics' names
    /// @param rebalanceMillis how long it may take to give up partitions
    /// @param classic for one that speaks the classic protocol
    public record Profile(
            @Nullable String instanceId,
            @Nullable String rack,
            Client client,
            int rebalanceMillis,
            @Nullable String assignor,
            List<String> names,
            @Nullable String pattern,
            @Nullable Classic classic) {
        boolean hasSameSubscription(Profile other) {
            return names.equals(other.names) && Objects.equals(pattern, other.pattern);
        }
    }

    /// Where a member is.
    public record Client(String id, String host) {}

    /// What is known of a member that speaks the classic protocol.
    public record Classic(int sessionMillis, List<ClassicMember.Protocol> protocols) {
        /// @param protocols is copied
        public Classic {
            protocols = List.copyOf(protocols);
        }
    }

    private final String id;
    private Profile profile;
    int epoch;
    int previousEpoch;
    State state = State.STABLE;
    Partitions assigned = Partitions.NONE;
    Partitions revoking = Partitions.NONE;
    Partitions target = Partitions.NONE;

    /// When its session is over.
    long sessionDeadline = Long.MAX_VALUE;

    /// Until when it has to have given up what it is to give up, or joined again, or asked for its
    /// assignment.
    long stepDeadline = Long.MAX_VALUE;

    ConsumerMember(String id, Profile profile) {
        this.id = id;
        this.profile = profile;
    }

    public String id() {
        return id;
    }

    public Profile profile() {
        return profile;
    }

    void changeProfile(Profile changed) {
        this.profile = changed;
    }

    public int epoch() {
        return epoch;
    }

    public State state() {
        return state;
    }

    /// What it has.
    public Partitions assigned() {
        return assigned;
    }

    /// What it is to have.
    public Partitions target() {
        return target;
    }

    public boolean isClassic() {
        return profile.classic() != null;
    }

    /// What members are sorted by: an instance keeps its place when it comes back.
    String order() {
        String instanceId = profile.instanceId();
        return instanceId == null ? "m" + id : "i" + instanceId;
    }

    void step(int newEpoch) {
        if (newEpoch != epoch) {
            previousEpoch = epoch;
            epoch = newEpoch;
        }
    }

    Bytes row() {
        RowWriter row = new RowWriter(ROW_VERSION);
        row.text(profile.instanceId()).text(profile.rack());
        row.text(profile.client().id()).text(profile.client().host());
        row.number(profile.rebalanceMillis()).text(profile.assignor());
        row.texts(profile.names()).text(profile.pattern());
        row.number(epoch).number(previousEpoch).number(state.code);
        assigned.writeTo(row);
        revoking.writeTo(row);
        boolean hasTarget = !target.equals(assigned);
        row.number(hasTarget ? 1 : 0);
        if (hasTarget) {
            target.writeTo(row);
        }
        Classic classic = profile.classic();
        row.number(classic == null ? -1 : classic.protocols().size());
        if (classic != null) {
            row.number(classic.sessionMillis());
            classic.protocols().forEach(each -> row.text(each.name()).bytes(each.metadata()));
        }
        return row.done();
    }

    static ConsumerMember of(String id, Bytes bytes) {
        RowReader row = new RowReader(bytes, ROW_VERSION);
        String instanceId = row.textOrNull();
        String rack = row.textOrNull();
        Client client = new Client(row.text(), row.text());
        int rebalance = row.integer();
        String assignor = row.textOrNull();
        List<String> names = row.texts();
        String pattern = row.textOrNull();
        int epoch = row.integer();
        int previousEpoch = row.integer();
        State state = State.of(row.integer());
        Partitions assigned = Partitions.readFrom(row);
        Partitions revoking = Partitions.readFrom(row);
        Partitions target = row.number() == 1 ? Partitions.readFrom(row) : assigned;
        ConsumerMember member =
                new ConsumerMember(
                        id,
                        new Profile(
                                instanceId,
                                rack,
                                client,
                                rebalance,
                                assignor,
                                names,
                                pattern,
                                classic(row)));
        member.epoch = epoch;
        member.previousEpoch = previousEpoch;
        member.state = state;
        member.assigned = assigned;
        member.revoking = revoking;
        member.target = target;
        return member;
    }

    private static @Nullable Classic classic(RowReader row) {
        int count = row.integer();
        if (count < 0) {
            return null;
        }
        int session = row.integer();
        List<ClassicMember.Protocol> protocols = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            protocols.add(new ClassicMember.Protocol(row.text(), row.bytes()));
        }
        return new Classic(session, protocols);
    }
}

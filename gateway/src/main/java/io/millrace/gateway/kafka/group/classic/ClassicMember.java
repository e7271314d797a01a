package io.millrace.gateway.kafka.group.classic;

import io.millrace.event.Bytes;
import io.millrace.gateway.kafka.group.state.Reply;
import io.millrace.gateway.kafka.group.state.RowReader;
import io.millrace.gateway.kafka.group.state.RowWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.jspecify.annotations.Nullable;

/// A member of a classic group. Only for the coordinator's thread.
public final class ClassicMember {
    private static final int ROW_VERSION = 1;
    private static final byte[] NOTHING = new byte[0];

    /// One way of sharing out that a member knows, with what it says about itself in it.
    public record Protocol(String name, byte[] metadata) {
        boolean isSame(Protocol other) {
            return name.equals(other.name) && Arrays.equals(metadata, other.metadata);
        }
    }

    /// Who a member is.
    ///
    /// @param instanceId of a static member
    public record Identity(
            String memberId, @Nullable String instanceId, String clientId, String host) {
        Identity renamed(String newMemberId) {
            return new Identity(newMemberId, instanceId, clientId, host);
        }
    }

    /// What a member asks for when it joins.
    ///
    /// @param protocols in the order in which the member likes them
    public record Terms(int sessionMillis, int rebalanceMillis, List<Protocol> protocols) {
        /// @param protocols is copied
        public Terms {
            protocols = List.copyOf(protocols);
        }
    }

    private final Identity identity;
    private Terms terms;
    private byte[] assignment = NOTHING;

    /// When its session is over.
    long deadline = Long.MAX_VALUE;

    /// Whether it has not got the answer to its first join yet, so that it cannot heartbeat.
    boolean isNew;

    @Nullable Reply<JoinGroupResponseData> awaitedJoin;
    @Nullable Reply<SyncGroupResponseData> awaitedSync;

    public ClassicMember(Identity identity, Terms terms) {
        this.identity = identity;
        this.terms = terms;
    }

    public String id() {
        return identity.memberId();
    }

    public Identity identity() {
        return identity;
    }

    public Terms terms() {
        return terms;
    }

    public boolean isStatic() {
        return identity.instanceId() != null;
    }

    void changeTerms(Terms newTerms) {
        this.terms = newTerms;
    }

    public byte[] assignment() {
        return assignment;
    }

    public void assign(byte[] newAssignment) {
        this.assignment = newAssignment;
    }

    void unassign() {
        this.assignment = NOTHING;
    }

    /// What it says about itself in a protocol; nothing if it does not know it.
    public byte[] metadata(@Nullable String protocol) {
        for (Protocol each : terms.protocols()) {
            if (each.name().equals(protocol)) {
                return each.metadata();
            }
        }
        return NOTHING;
    }

    boolean knows(String protocol) {
        return terms.protocols().stream().anyMatch(each -> each.name().equals(protocol));
    }

    boolean hasSameProtocols(List<Protocol> others) {
        List<Protocol> own = terms.protocols();
        if (own.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < own.size(); i++) {
            if (!own.get(i).isSame(others.get(i))) {
                return false;
            }
        }
        return true;
    }

    /// The same member under a new id.
    ClassicMember renamed(String newId) {
        ClassicMember other = new ClassicMember(identity.renamed(newId), terms);
        other.assignment = assignment;
        return other;
    }

    Bytes row() {
        RowWriter row =
                new RowWriter(ROW_VERSION)
                        .text(identity.instanceId())
                        .text(identity.clientId())
                        .text(identity.host())
                        .number(terms.sessionMillis())
                        .number(terms.rebalanceMillis())
                        .bytes(assignment)
                        .number(terms.protocols().size());
        terms.protocols().forEach(each -> row.text(each.name()).bytes(each.metadata()));
        return row.done();
    }

    static ClassicMember of(String id, Bytes bytes) {
        RowReader row = new RowReader(bytes, ROW_VERSION);
        Identity identity = new Identity(id, row.textOrNull(), row.text(), row.text());
        int session = row.integer();
        int rebalance = row.integer();
        byte[] assignment = row.bytes();
        int count = row.integer();
        List<Protocol> protocols = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            protocols.add(new Protocol(row.text(), row.bytes()));
        }
        ClassicMember member =
                new ClassicMember(identity, new Terms(session, rebalance, protocols));
        member.assignment = assignment;
        return member;
    }
}

package io.millrace.gateway.kafka.group;

import io.millrace.gateway.kafka.group.Harness.Asked;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// A member that speaks the classic protocol, one request at a time.
final class ClassicClient {
    final Harness harness;
    final String group;
    final @Nullable String instance;
    String memberId = "";
    int generation = -1;
    int sessionMillis = 10_000;
    int rebalanceMillis = 60_000;
    String type = "any";
    Map<String, byte[]> protocols = Map.of("p", text("x"));

    ClassicClient(Harness harness, String group, @Nullable String instance) {
        this.harness = harness;
        this.group = group;
        this.instance = instance;
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Speaks as a consumer of some topics.
    ClassicClient consumerOf(List<String> topics, List<TopicPartition> owned) {
        type = "consumer";
        ByteBuffer bytes =
                ConsumerProtocol.serializeSubscription(new Subscription(topics, null, owned));
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        protocols = Map.of("range", copy);
        return this;
    }

    Asked askJoin(int version) {
        JoinGroupRequestProtocolCollection offered = new JoinGroupRequestProtocolCollection();
        protocols.forEach((name, metadata) ->
                offered.add(new JoinGroupRequestProtocol().setName(name).setMetadata(metadata)));
        return harness.ask(
                ApiKeys.JOIN_GROUP,
                version,
                new JoinGroupRequestData()
                        .setGroupId(group)
                        .setMemberId(memberId)
                        .setGroupInstanceId(instance)
                        .setSessionTimeoutMs(sessionMillis)
                        .setRebalanceTimeoutMs(rebalanceMillis)
                        .setProtocolType(type)
                        .setProtocols(offered));
    }

    /// Joins as clients do, and goes through the dance for an id if there has to be one.
    Asked askJoin() {
        Asked asked = askJoin(9);
        if (asked.isAnswered()) {
            JoinGroupResponseData response = asked.as(JoinGroupResponseData.class);
            if (response.errorCode() == Errors.MEMBER_ID_REQUIRED.code()) {
                memberId = response.memberId();
                return askJoin(9);
            }
        }
        return asked;
    }

    JoinGroupResponseData joined(Asked asked) {
        JoinGroupResponseData response = asked.as(JoinGroupResponseData.class);
        if (response.errorCode() == 0) {
            memberId = response.memberId();
            generation = response.generationId();
        }
        return response;
    }

    Asked askSync(Map<String, byte[]> assignments) {
        List<SyncGroupRequestData.SyncGroupRequestAssignment> given = new ArrayList<>();
        assignments.forEach((id, bytes) ->
                given.add(
                        new SyncGroupRequestData.SyncGroupRequestAssignment()
                                .setMemberId(id)
                                .setAssignment(bytes)));
        return harness.ask(
                ApiKeys.SYNC_GROUP,
                5,
                new SyncGroupRequestData()
                        .setGroupId(group)
                        .setMemberId(memberId)
                        .setGroupInstanceId(instance)
                        .setGenerationId(generation)
                        .setProtocolType(type)
                        .setProtocolName(protocols.keySet().iterator().next())
                        .setAssignments(given));
    }

    static SyncGroupResponseData synced(Asked asked) {
        return asked.as(SyncGroupResponseData.class);
    }

    Errors heartbeat() {
        return Errors.forCode(
                harness.call(
                                ApiKeys.HEARTBEAT,
                                4,
                                new HeartbeatRequestData()
                                        .setGroupId(group)
                                        .setMemberId(memberId)
                                        .setGroupInstanceId(instance)
                                        .setGenerationId(generation),
                                HeartbeatResponseData.class)
                        .errorCode());
    }

    Errors leave() {
        LeaveGroupResponseData response =
                harness.call(
                        ApiKeys.LEAVE_GROUP,
                        5,
                        new LeaveGroupRequestData()
                                .setGroupId(group)
                                .setMembers(
                                        List.of(
                                                new LeaveGroupRequestData.MemberIdentity()
                                                        .setMemberId(memberId)
                                                        .setGroupInstanceId(instance))),
                        LeaveGroupResponseData.class);
        return Errors.forCode(
                response.errorCode() != 0
                        ? response.errorCode()
                        : response.members().getFirst().errorCode());
    }
}

package io.millrace.gateway.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Topics.Topic;
import io.millrace.gateway.kafka.group.Harness.Asked;

import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Groups whose clients go over to the new protocol one by one, and back.
class MigrationTest {
    private final Harness harness = new Harness();
    private final Topic topic = harness.topics.add("t", 4);

    private ClassicClient classic(@Nullable String instance) {
        return new ClassicClient(harness, "g", instance).consumerOf(List.of("t"), List.of());
    }

    private static byte[] assignment(int... partitions) {
        List<TopicPartition> all = new ArrayList<>();
        for (int partition : partitions) {
            all.add(new TopicPartition("t", partition));
        }
        ByteBuffer bytes = ConsumerProtocol.serializeAssignment(new Assignment(all));
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    private static Set<Integer> partitions(SyncGroupResponseData synced) {
        assertThat(Errors.forCode(synced.errorCode())).isEqualTo(Errors.NONE);
        Set<Integer> found = new TreeSet<>();
        ConsumerProtocol.deserializeAssignment(ByteBuffer.wrap(synced.assignment()))
                .partitions()
                .forEach(each -> found.add(each.partition()));
        return found;
    }

    private ClassicClient stable() {
        ClassicClient a = classic(null);
        Asked join = a.askJoin();
        harness.pass(3_000);
        a.joined(join);
        a.askSync(Map.of(a.memberId, assignment(0, 1, 2, 3)));
        assertThat(a.heartbeat()).isEqualTo(Errors.NONE);
        return a;
    }

    private String type() {
        return harness.call(
                        ApiKeys.LIST_GROUPS,
                        5,
                        new ListGroupsRequestData(),
                        ListGroupsResponseData.class)
                .groups()
                .getFirst()
                .groupType();
    }

    @Test
    void aClassicMemberSharesWithANewOne() {
        ClassicClient a = stable();
        NewClient b = new NewClient(harness, "g", "b", null);
        assertThat(b.beat()).isEqualTo(Errors.NONE);
        assertThat(type()).isEqualTo("Consumer");
        assertThat(b.count()).isZero();
        harness.restart();
        assertThat(a.heartbeat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        // It joins and has given up everything, as the eager protocol wants.
        JoinGroupResponseData joined = a.joined(a.askJoin());
        assertThat(joined.errorCode()).isZero();
        assertThat(partitions(ClassicClient.synced(a.askSync(Map.of())))).hasSize(2);
        b.beat();
        assertThat(b.count()).isEqualTo(2);
        assertThat(a.heartbeat()).isEqualTo(Errors.NONE);
        assertThat(b.owned.get(topic.id()))
                .doesNotContainAnyElementsOf(partitions(ClassicClient.synced(a.askSync(Map.of()))));
    }

    @Test
    void aCooperativeMemberGivesUpFirst() {
        ClassicClient a = stable();
        NewClient b = new NewClient(harness, "g", "b", null);
        b.beat();
        List<TopicPartition> owned = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            owned.add(new TopicPartition("t", i));
        }
        a.consumerOf(List.of("t"), owned);
        assertThat(a.heartbeat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        a.joined(a.askJoin());
        Set<Integer> kept = partitions(ClassicClient.synced(a.askSync(Map.of())));
        assertThat(kept).hasSize(2);
        b.beat();
        assertThat(b.count()).isZero();
        assertThat(a.heartbeat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        a.consumerOf(
                List.of("t"), kept.stream().map(each -> new TopicPartition("t", each)).toList());
        a.joined(a.askJoin());
        assertThat(partitions(ClassicClient.synced(a.askSync(Map.of())))).isEqualTo(kept);
        b.beat();
        assertThat(b.count()).isEqualTo(2);
        assertThat(a.heartbeat()).isEqualTo(Errors.NONE);
    }

    @Test
    void whenTheLastNewMemberLeavesTheOthersAreAClassicGroupAgain() {
        ClassicClient a = stable();
        NewClient b = new NewClient(harness, "g", "b", null);
        b.beat();
        a.heartbeat();
        a.joined(a.askJoin());
        a.askSync(Map.of());
        b.send(-1, false);
        assertThat(type()).isEqualTo("Classic");
        harness.restart();
        Asked join = a.askJoin();
        if (!join.isAnswered()) {
            harness.pass(3_000);
        }
        JoinGroupResponseData joined = a.joined(join);
        assertThat(joined.errorCode()).isZero();
        assertThat(joined.leader()).isEqualTo(a.memberId);
        assertThat(partitions(ClassicClient.synced(a.askSync(Map.of(a.memberId, assignment(1))))))
                .containsExactly(1);
    }

    @Test
    void anEmptyGroupTakesEitherProtocol() {
        ClassicClient a = stable();
        a.leave();
        NewClient b = new NewClient(harness, "g", "b", null);
        assertThat(b.beat()).isEqualTo(Errors.NONE);
        assertThat(b.count()).isEqualTo(4);
        b.send(-1, false);
        ClassicClient again = classic(null);
        Asked join = again.askJoin();
        harness.pass(3_000);
        assertThat(again.joined(join).errorCode()).isZero();
        assertThat(type()).isEqualTo("Classic");
    }

    @Test
    void groupsThatAreNoConsumersStayClassic() {
        ClassicClient connect = new ClassicClient(harness, "g", null);
        connect.type = "connect";
        Asked join = connect.askJoin();
        harness.pass(3_000);
        connect.joined(join);
        NewClient b = new NewClient(harness, "g", "b", null);
        assertThat(b.beat()).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        connect.askSync(Map.of());
        assertThat(connect.heartbeat()).isEqualTo(Errors.NONE);
    }

    @Test
    void whoeverIsSilentInAMixedGroupIsOut() {
        ClassicClient a = stable();
        NewClient b = new NewClient(harness, "g", "b", null);
        b.beat();
        for (int i = 0; i < 3; i++) {
            harness.pass(4_000);
            b.beat();
        }
        b.beat();
        assertThat(b.count()).isEqualTo(4);
        assertThat(a.heartbeat()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aStaticMemberGoesOverInItsPlace() {
        ClassicClient a = classic("one");
        ClassicClient other = classic("two");
        Asked first = a.askJoin();
        Asked second = other.askJoin();
        harness.pass(6_000);
        a.joined(first);
        other.joined(second);
        other.askSync(Map.of());
        a.askSync(Map.of(a.memberId, assignment(0, 1), other.memberId, assignment(2, 3)));
        NewClient modern = new NewClient(harness, "g", "m", "one");
        assertThat(modern.beat()).isEqualTo(Errors.NONE);
        assertThat(modern.owned.get(topic.id())).isEqualTo(Set.of(0, 1));
        assertThat(a.heartbeat()).isEqualTo(Errors.FENCED_INSTANCE_ID);
        // And back: the only new member is replaced by a classic one.
        ClassicClient back = classic("one");
        JoinGroupResponseData joined = back.joined(back.askJoin());
        assertThat(joined.errorCode()).isZero();
        assertThat(type()).isEqualTo("Classic");
        assertThat(modern.beat()).isNotEqualTo(Errors.NONE);
    }
}

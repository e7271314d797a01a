package io.millrace.gateway.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Topics.Topic;
import io.millrace.gateway.kafka.group.state.ConsumerTimes;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The rules of KIP-848.
class ConsumerGroupTest {
    private final Harness harness = new Harness();
    private final Topic topic = harness.topics.add("t", 6);

    private NewClient client(String id) {
        return client(id, null);
    }

    private NewClient client(String id, @Nullable String instance) {
        return new NewClient(harness, "g", id, instance);
    }

    private static void settle(NewClient... members) {
        for (int i = 0; i < 6; i++) {
            for (NewClient member : members) {
                assertThat(member.beat()).isEqualTo(Errors.NONE);
            }
        }
    }

    private DescribedGroup described() {
        return harness.call(
                        ApiKeys.CONSUMER_GROUP_DESCRIBE,
                        1,
                        new ConsumerGroupDescribeRequestData().setGroupIds(List.of("g")),
                        ConsumerGroupDescribeResponseData.class)
                .groups()
                .getFirst();
    }

    private Set<Integer> of(NewClient member) {
        return member.owned.getOrDefault(topic.id(), Set.of());
    }

    @Test
    void theFirstMemberHasEverything() {
        NewClient a = client("a");
        assertThat(a.beat()).isEqualTo(Errors.NONE);
        assertThat(of(a)).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(a.epoch).isEqualTo(1);
        a.beat();
        assertThat(described().groupState()).isEqualTo("Stable");
        assertThat(described().assignorName()).isEqualTo("uniform");
        assertThat(described().members().getFirst().subscribedTopicNames()).containsExactly("t");
    }

    @Test
    void partitionsAreGivenToAnotherOnlyWhenTheyWereGivenUp() {
        NewClient a = client("a");
        a.beat();
        a.beat();
        NewClient b = client("b");
        assertThat(b.beat()).isEqualTo(Errors.NONE);
        assertThat(b.count()).isZero();
        assertThat(b.epoch).isEqualTo(2);
        assertThat(described().groupState()).isEqualTo("Reconciling");
        // It hears that it is to give up half, and stays at its epoch until it has.
        assertThat(a.beat()).isEqualTo(Errors.NONE);
        assertThat(a.epoch).isEqualTo(1);
        assertThat(a.count()).isEqualTo(3);
        b.beat();
        assertThat(b.count()).isZero();
        a.beat();
        assertThat(a.epoch).isEqualTo(2);
        b.beat();
        assertThat(b.count()).isEqualTo(3);
        Set<Integer> all = new TreeSet<>(of(a));
        all.addAll(of(b));
        assertThat(all).hasSize(6);
        settle(a, b);
        assertThat(described().groupState()).isEqualTo("Stable");
    }

    @Test
    void whoStaysKeepsWhatItHas() {
        NewClient a = client("a");
        NewClient b = client("b");
        NewClient c = client("c");
        settle(a);
        settle(a, b);
        settle(a, b, c);
        Set<Integer> before = Set.copyOf(of(a));
        c.send(-1, false);
        settle(a, b);
        assertThat(of(a)).containsAll(before).hasSize(3);
        assertThat(of(b)).hasSize(3);
    }

    @Test
    void aMemberThatDoesNotGiveUpInTimeIsFenced() {
        NewClient a = client("a");
        a.rebalanceMillis = 10_000;
        a.beat();
        a.beat();
        NewClient b = client("b");
        b.beat();
        a.beat();
        for (int i = 0; i < 3; i++) {
            harness.pass(4_000);
            // A heartbeat that does not say what it owns acknowledges nothing.
            a.send(a.epoch, false);
            b.beat();
        }
        assertThat(a.beat()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        b.beat();
        assertThat(b.count()).isEqualTo(6);
        settle(a, b);
        assertThat(a.count()).isEqualTo(3);
    }

    @Test
    void aSilentMemberIsOut() {
        NewClient a = client("a");
        NewClient b = client("b");
        settle(a, b);
        for (int i = 0; i < 5; i++) {
            harness.pass(10_000);
            a.beat();
        }
        settle(a);
        assertThat(a.count()).isEqualTo(6);
        assertThat(b.beat()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void whatIsConfiguredForAGroupHoldsFromItsNextHeartbeatOn() {
        AtomicInteger session = new AtomicInteger(45_000);
        ConsumerTimes times =
                new ConsumerTimes() {
                    @Override
                    public Duration session(String group) {
                        return Duration.ofMillis(group.equals("g") ? session.get() : 1);
                    }

                    @Override
                    public Duration heartbeat(String group) {
                        return Duration.ofMillis(group.equals("g") ? 700 : 1);
                    }
                };
        Harness configured = new Harness(GroupConfig.standard().with(times));
        configured.topics.add("t", 6);
        NewClient a = new NewClient(configured, "g", "a", null);
        assertThat(a.beat()).isEqualTo(Errors.NONE);
        assertThat(a.send(a.epoch, false).heartbeatIntervalMs()).isEqualTo(700);
        session.set(2_000);
        configured.pass(40_000);
        assertThat(a.beat()).isEqualTo(Errors.NONE);
        configured.pass(1_900);
        assertThat(a.beat()).isEqualTo(Errors.NONE);
        configured.pass(2_100);
        assertThat(a.beat()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aLostAnswerIsForgivenButAWrongEpochIsFenced() {
        NewClient a = client("a");
        NewClient b = client("b");
        settle(a);
        int old = a.epoch;
        b.beat();
        a.beat();
        assertThat(a.epoch).isEqualTo(old);
        a.beat();
        assertThat(a.epoch).isEqualTo(old + 1);
        ConsumerGroupHeartbeatResponseData again = a.send(old, true);
        assertThat(again.errorCode()).isZero();
        assertThat(again.memberEpoch()).isEqualTo(old + 1);
        assertThat(a.send(old, false).errorCode()).isEqualTo(Errors.FENCED_MEMBER_EPOCH.code());
        assertThat(a.send(old + 9, true).errorCode()).isEqualTo(Errors.FENCED_MEMBER_EPOCH.code());
        a.epoch = 0;
        settle(a, b);
        assertThat(a.count()).isEqualTo(3);
    }

    @Test
    void aStaticMemberComesBackToWhatItHad() {
        NewClient a = client("a", "one");
        NewClient b = client("b", "two");
        settle(a);
        settle(a, b);
        Set<Integer> before = Set.copyOf(of(b));
        int epoch = described().groupEpoch();
        NewClient early = client("c", "two");
        assertThat(early.beat()).isEqualTo(Errors.UNRELEASED_INSTANCE_ID);
        assertThat(b.send(-2, false).memberEpoch()).isEqualTo(-2);
        NewClient again = client("c", "two");
        assertThat(again.beat()).isEqualTo(Errors.NONE);
        assertThat(of(again)).isEqualTo(before);
        assertThat(described().groupEpoch()).isEqualTo(epoch);
        assertThat(b.beat()).isEqualTo(Errors.FENCED_INSTANCE_ID);
        settle(a, again);
    }

    @Test
    void aStaticMemberThatStaysAwayIsOut() {
        NewClient a = client("a", "one");
        NewClient b = client("b", "two");
        settle(a, b);
        b.send(-2, false);
        for (int i = 0; i < 10; i++) {
            harness.pass(5_000);
            a.beat();
        }
        settle(a);
        assertThat(a.count()).isEqualTo(6);
    }

    @Test
    void newTopicsAndPartitionsAreSeen() {
        NewClient a = client("a");
        a.topics = List.of("t", "later");
        settle(a);
        harness.topics.add("later", 2);
        harness.topics.addPartitions(Principal.LOCAL, "t", 8, false);
        harness.pass(5_000);
        settle(a);
        assertThat(a.count()).isEqualTo(10);
        harness.topics.delete(Principal.LOCAL, "later");
        harness.pass(5_000);
        settle(a);
        assertThat(a.count()).isEqualTo(8);
    }

    @Test
    void topicsAreSubscribedToByAPattern() {
        harness.topics.add("logs-a", 1);
        harness.topics.add("logs-b", 1);
        NewClient a = client("a");
        a.topics = null;
        a.regex = "logs-.*";
        settle(a);
        assertThat(a.count()).isEqualTo(2);
        harness.topics.add("logs-c", 1);
        harness.pass(5_000);
        settle(a);
        assertThat(a.count()).isEqualTo(3);
        NewClient wrong = client("b");
        wrong.regex = "(";
        assertThat(wrong.beat()).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        wrong.regex = "(.*a){20}b";
        assertThat(wrong.beat()).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        wrong.regex = "a".repeat(2000);
        assertThat(wrong.beat()).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        assertThat(described().members()).hasSize(1);
    }

    @Test
    void rangesMeetInOneMember() {
        harness.topics.add("u", 6);
        NewClient a = client("a");
        NewClient b = client("b");
        for (NewClient each : List.of(a, b)) {
            each.topics = List.of("t", "u");
            each.assignor = "range";
        }
        settle(a, b);
        assertThat(a.owned.values()).containsExactly(Set.of(0, 1, 2), Set.of(0, 1, 2));
        assertThat(b.owned.values()).containsExactly(Set.of(3, 4, 5), Set.of(3, 4, 5));
        assertThat(described().assignorName()).isEqualTo("range");
        NewClient c = client("c");
        c.assignor = "sticky";
        assertThat(c.beat()).isEqualTo(Errors.UNSUPPORTED_ASSIGNOR);
    }

    @Test
    void wrongRequestsAreRefused() {
        List<ConsumerGroupHeartbeatRequestData> wrong = new ArrayList<>();
        wrong.add(request().setMemberEpoch(-3));
        wrong.add(request().setMemberId(""));
        wrong.add(request().setInstanceId(""));
        wrong.add(request().setRackId(""));
        wrong.add(request().setMemberEpoch(-2));
        wrong.add(request().setRebalanceTimeoutMs(-1));
        wrong.add(request().setSubscribedTopicNames(null));
        wrong.add(
                request()
                        .setTopicPartitions(
                                List.of(new ConsumerGroupHeartbeatRequestData.TopicPartitions())));
        for (ConsumerGroupHeartbeatRequestData each : wrong) {
            assertThat(error(each)).as("%s", each).isEqualTo(Errors.INVALID_REQUEST);
        }
        assertThat(error(request().setGroupId(""))).isEqualTo(Errors.INVALID_GROUP_ID);
        assertThat(error(request().setMemberEpoch(4))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(error(request().setMemberEpoch(-1))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(error(request())).isEqualTo(Errors.NONE);
    }

    private static ConsumerGroupHeartbeatRequestData request() {
        return new ConsumerGroupHeartbeatRequestData()
                .setGroupId("g")
                .setMemberId("m")
                .setRebalanceTimeoutMs(1000)
                .setSubscribedTopicNames(List.of("t"))
                .setTopicPartitions(List.of());
    }

    private Errors error(ConsumerGroupHeartbeatRequestData request) {
        return Errors.forCode(
                harness.call(
                                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                                1,
                                request,
                                ConsumerGroupHeartbeatResponseData.class)
                        .errorCode());
    }

    @Test
    void membersGoOnAfterARestart() {
        NewClient a = client("a", "one");
        NewClient b = client("b");
        settle(a, b);
        NewClient c = client("c");
        c.beat();
        a.beat();
        int epoch = a.epoch;
        harness.restart();
        assertThat(a.beat()).isEqualTo(Errors.NONE);
        assertThat(a.epoch).isBetween(epoch, epoch + 1);
        settle(a, b, c);
        assertThat(List.of(a.count(), b.count(), c.count())).containsOnly(2);
        int groupEpoch = described().groupEpoch();
        harness.restart();
        settle(a, b, c);
        assertThat(described().groupEpoch()).isEqualTo(groupEpoch);
        int writes = harness.table.writes();
        settle(a, b, c);
        assertThat(harness.table.writes())
                .as("nothing changes, nothing is written")
                .isEqualTo(writes);
    }
}

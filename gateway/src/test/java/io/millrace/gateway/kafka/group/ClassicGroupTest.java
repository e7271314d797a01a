package io.millrace.gateway.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.group.Harness.Asked;
import io.millrace.gateway.kafka.group.state.GroupConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The rules of the classic protocol.
class ClassicGroupTest {
    private final Harness harness = new Harness();

    private ClassicClient client(@Nullable String instance) {
        return new ClassicClient(harness, "g", instance);
    }

    /// Two members in a stable group; the first one leads.
    private List<ClassicClient> two(@Nullable String one, @Nullable String other) {
        ClassicClient a = client(one);
        ClassicClient b = client(other);
        Asked first = a.askJoin();
        Asked second = b.askJoin();
        harness.pass(6_000);
        a.joined(first);
        b.joined(second);
        share(a, b);
        return List.of(a, b);
    }

    private static void share(ClassicClient leader, ClassicClient other) {
        Asked waits = other.askSync(Map.of());
        Asked shares =
                leader.askSync(
                        Map.of(
                                leader.memberId,
                                ClassicClient.text("0"),
                                other.memberId,
                                ClassicClient.text("1")));
        assertThat(ClassicClient.synced(shares).assignment()).isEqualTo(ClassicClient.text("0"));
        assertThat(ClassicClient.synced(waits).assignment()).isEqualTo(ClassicClient.text("1"));
    }

    private String state() {
        return harness.call(
                        ApiKeys.DESCRIBE_GROUPS,
                        6,
                        new DescribeGroupsRequestData().setGroups(List.of("g")),
                        DescribeGroupsResponseData.class)
                .groups()
                .getFirst()
                .groupState();
    }

    @Test
    void aNewMemberAsksAgainWithTheIdThatItIsGiven() {
        ClassicClient member = client(null);
        JoinGroupResponseData first = member.askJoin(4).as(JoinGroupResponseData.class);
        assertThat(Errors.forCode(first.errorCode())).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        assertThat(first.memberId()).startsWith("client-");
        member.memberId = first.memberId();
        Asked second = member.askJoin(4);
        assertThat(second.isAnswered()).isFalse();
        harness.pass(3_000);
        JoinGroupResponseData joined = member.joined(second);
        assertThat(joined.generationId()).isEqualTo(1);
        assertThat(joined.leader()).isEqualTo(member.memberId);
        assertThat(joined.members()).hasSize(1);
        assertThat(joined.protocolName()).isEqualTo("p");
    }

    @Test
    void anOldMemberIsTakenAtOnceAndAnIdThatIsNotUsedIsForgotten() {
        Asked old = client(null).askJoin(3);
        assertThat(old.isAnswered()).isFalse();
        ClassicClient never = client(null);
        never.askJoin(9);
        harness.pass(9_999);
        assertThat(old.isAnswered()).isTrue();
        harness.pass(3_000);
        assertThat(old.as(JoinGroupResponseData.class).errorCode()).isZero();
    }

    @Test
    void aMemberWithAnIdThatNobodyGaveIsUnknown() {
        ClassicClient member = client(null);
        member.memberId = "made-up";
        assertThat(member.joined(member.askJoin()).errorCode())
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
    }

    @Test
    void theFirstRebalanceWaitsForThoseWhoComeMeanwhileButNotForEver() {
        ClassicClient a = client(null);
        a.rebalanceMillis = 7_000;
        Asked first = a.askJoin();
        harness.pass(2_000);
        ClassicClient b = client(null);
        b.rebalanceMillis = 7_000;
        Asked second = b.askJoin();
        harness.pass(2_000);
        assertThat(first.isAnswered()).isFalse();
        harness.pass(2_000);
        assertThat(a.joined(first).members()).hasSize(2);
        assertThat(b.joined(second).members()).isEmpty();
        assertThat(b.joined(second).leader()).isEqualTo(a.memberId);
        assertThat(state()).isEqualTo("CompletingRebalance");
    }

    @Test
    void aGroupThatDoesNotWaitForMoreBeginsWithTheFirst() {
        Harness hasty = new Harness(GroupConfig.standard().with(Duration.ZERO));
        ClassicClient only = new ClassicClient(hasty, "g", null);
        Asked joins = only.askJoin();
        hasty.pass(0);
        assertThat(only.joined(joins).members()).hasSize(1);
        ClassicClient usual = client(null);
        Asked waits = usual.askJoin();
        harness.pass(2_999);
        assertThat(waits.isAnswered()).isFalse();
        harness.pass(1);
        assertThat(usual.joined(waits).members()).hasSize(1);
    }

    @Test
    void aMemberThatJoinsLaterHasTheOthersJoinAgain() {
        List<ClassicClient> both = two(null, null);
        ClassicClient c = client(null);
        Asked third = c.askJoin();
        assertThat(both.getFirst().heartbeat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        Asked first = both.getFirst().askJoin();
        assertThat(third.isAnswered()).isFalse();
        Asked second = both.getLast().askJoin();
        assertThat(both.getFirst().joined(first).members()).hasSize(3);
        assertThat(both.getLast().joined(second).generationId()).isEqualTo(2);
        assertThat(c.joined(third).generationId()).isEqualTo(2);
    }

    @Test
    void whoDoesNotRejoinInTimeIsOut() {
        List<ClassicClient> both = two(null, null);
        ClassicClient a = both.getFirst();
        Asked first = a.askJoin();
        for (int i = 0; i < 12; i++) {
            both.getLast().heartbeat();
            harness.pass(5_000);
        }
        assertThat(a.joined(first).members()).hasSize(1);
        assertThat(both.getLast().heartbeat()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void aSilentMemberIsOutAndTheOthersRebalance() {
        List<ClassicClient> both = two(null, null);
        harness.pass(9_000);
        assertThat(both.getFirst().heartbeat()).isEqualTo(Errors.NONE);
        harness.pass(1_500);
        assertThat(both.getFirst().heartbeat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        ClassicClient a = both.getFirst();
        assertThat(a.joined(a.askJoin()).generationId()).isEqualTo(2);
    }

    @Test
    void whoDoesNotAskForItsAssignmentIsOut() {
        ClassicClient a = client(null);
        ClassicClient b = client(null);
        Asked first = a.askJoin();
        Asked second = b.askJoin();
        harness.pass(6_000);
        a.joined(first);
        b.joined(second);
        a.askSync(Map.of());
        for (int i = 0; i < 12; i++) {
            a.heartbeat();
            b.heartbeat();
            harness.pass(5_000);
        }
        assertThat(b.heartbeat()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(a.heartbeat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void aFollowerThatJoinsAgainWithTheSameChangesNothingButALeaderDoes() {
        List<ClassicClient> both = two(null, null);
        ClassicClient follower = both.getLast();
        assertThat(follower.joined(follower.askJoin()).generationId()).isEqualTo(1);
        assertThat(state()).isEqualTo("Stable");
        Asked leader = both.getFirst().askJoin();
        assertThat(leader.isAnswered()).isFalse();
        assertThat(state()).isEqualTo("PreparingRebalance");
    }

    @Test
    void aStaticMemberComesBackUnnoticedAndItsFormerSelfIsFenced() {
        List<ClassicClient> both = two("one", "two");
        String former = both.getLast().memberId;
        ClassicClient again = client("two");
        JoinGroupResponseData joined = again.joined(again.askJoin());
        assertThat(joined.errorCode()).isZero();
        assertThat(joined.generationId()).isEqualTo(1);
        assertThat(again.memberId).isNotEqualTo(former);
        assertThat(ClassicClient.synced(again.askSync(Map.of())).assignment())
                .isEqualTo(ClassicClient.text("1"));
        assertThat(both.getLast().heartbeat()).isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(both.getFirst().heartbeat()).isEqualTo(Errors.NONE);
    }

    @Test
    void aLeaderThatComesBackIsToldNotToShareOut() {
        two("one", "two");
        ClassicClient again = client("one");
        JoinGroupResponseData joined = again.joined(again.askJoin());
        assertThat(joined.skipAssignment()).isTrue();
        assertThat(joined.leader()).isEqualTo(again.memberId);
        assertThat(joined.members()).hasSize(2);
        ClassicClient old = client("one");
        JoinGroupResponseData said = old.joined(old.askJoin(8));
        assertThat(said.leader()).isNotEqualTo(old.memberId);
    }

    @Test
    void aStaticMemberIsTakenOutByItsInstanceOnly() {
        List<ClassicClient> both = two("one", "two");
        LeaveGroupResponseData left =
                harness.call(
                        ApiKeys.LEAVE_GROUP,
                        5,
                        new LeaveGroupRequestData()
                                .setGroupId("g")
                                .setMembers(
                                        List.of(
                                                new LeaveGroupRequestData.MemberIdentity()
                                                        .setGroupInstanceId("two"),
                                                new LeaveGroupRequestData.MemberIdentity()
                                                        .setGroupInstanceId("three"))),
                        LeaveGroupResponseData.class);
        assertThat(left.members().getFirst().errorCode()).isZero();
        assertThat(left.members().getLast().errorCode()).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
        assertThat(both.getFirst().heartbeat()).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void theLastOneThatLeavesLeavesAnEmptyGroup() {
        List<ClassicClient> both = two(null, null);
        assertThat(both.getFirst().leave()).isEqualTo(Errors.NONE);
        assertThat(both.getLast().leave()).isEqualTo(Errors.NONE);
        assertThat(state()).isEqualTo("Empty");
        assertThat(both.getFirst().heartbeat()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        LeaveGroupResponseData old =
                harness.call(
                        ApiKeys.LEAVE_GROUP,
                        2,
                        new LeaveGroupRequestData().setGroupId("g").setMemberId("x"),
                        LeaveGroupResponseData.class);
        assertThat(old.errorCode()).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
    }

    @Test
    void generationsAndProtocolsAreChecked() {
        List<ClassicClient> both = two(null, null);
        ClassicClient a = both.getFirst();
        a.generation = 7;
        assertThat(a.heartbeat()).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(ClassicClient.synced(a.askSync(Map.of())).errorCode())
                .isEqualTo(Errors.ILLEGAL_GENERATION.code());
        ClassicClient other = client(null);
        other.protocols = Map.of("q", ClassicClient.text("x"));
        assertThat(other.joined(other.askJoin(3)).errorCode())
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL.code());
        other.protocols = Map.of("p", ClassicClient.text("x"));
        other.type = "connect";
        assertThat(other.joined(other.askJoin(3)).errorCode())
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL.code());
        other.sessionMillis = 10;
        assertThat(other.joined(other.askJoin(3)).errorCode())
                .isEqualTo(Errors.INVALID_SESSION_TIMEOUT.code());
        ClassicClient nameless = new ClassicClient(harness, "", null);
        assertThat(nameless.joined(nameless.askJoin(3)).errorCode())
                .isEqualTo(Errors.INVALID_GROUP_ID.code());
    }

    @Test
    void aFullGroupTakesNoOneElse() {
        GroupConfig standard = GroupConfig.standard();
        GroupConfig.Bounds bounds = new GroupConfig.Bounds(2, 2, 1000, 100, 100);
        Harness small = new Harness(new GroupConfig(standard.times(), bounds));
        new ClassicClient(small, "g", null).askJoin();
        new ClassicClient(small, "g", null).askJoin();
        ClassicClient third = new ClassicClient(small, "g", null);
        assertThat(third.joined(third.askJoin()).errorCode())
                .isEqualTo(Errors.GROUP_MAX_SIZE_REACHED.code());
        new ClassicClient(small, "h", null).askJoin();
        ClassicClient elsewhere = new ClassicClient(small, "i", null);
        assertThat(elsewhere.joined(elsewhere.askJoin()).errorCode())
                .isEqualTo(Errors.GROUP_MAX_SIZE_REACHED.code());
        elsewhere.protocols = Map.of("p", new byte[1001]);
        assertThat(elsewhere.joined(elsewhere.askJoin()).errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
    }

    @Test
    void membersGoOnAfterARestart() {
        List<ClassicClient> both = two("one", null);
        harness.restart();
        assertThat(state()).isEqualTo("Stable");
        assertThat(both.getFirst().heartbeat()).isEqualTo(Errors.NONE);
        assertThat(both.getLast().heartbeat()).isEqualTo(Errors.NONE);
        assertThat(ClassicClient.synced(both.getLast().askSync(Map.of())).assignment())
                .isEqualTo(ClassicClient.text("1"));
        harness.pass(11_000);
        assertThat(both.getLast().heartbeat()).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void assignmentsAreNotGivenOutBeforeTheyAreOnDisk() {
        ClassicClient a = client(null);
        Asked join = a.askJoin();
        harness.pass(3_000);
        a.joined(join);
        harness.table.hold();
        Asked sync = a.askSync(Map.of(a.memberId, ClassicClient.text("0")));
        assertThat(sync.isAnswered()).isFalse();
        harness.table.release();
        harness.serial.runPending();
        assertThat(ClassicClient.synced(sync).errorCode()).isZero();
    }

    @Test
    void whatTheDiskRefusesIsNotAnsweredAsDoneAndTheGroupsAreReadAgain() {
        List<ClassicClient> both = two(null, null);
        ClassicClient a = both.getFirst();
        Asked join = a.askJoin();
        Asked other = both.getLast().askJoin();
        a.joined(join);
        both.getLast().joined(other);
        harness.table.failWith(new MillraceException(ErrorCode.DISK_FULL, "full"));
        Asked waits = both.getLast().askSync(Map.of());
        Asked sync = a.askSync(Map.of());
        assertThat(ClassicClient.synced(sync).errorCode())
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
        assertThat(ClassicClient.synced(waits).errorCode())
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
        assertThat(a.heartbeat()).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        harness.table.failWith(null);
        harness.pass(1_000);
        assertThat(a.heartbeat()).isEqualTo(Errors.ILLEGAL_GENERATION);
        a.generation = 1;
        assertThat(a.heartbeat()).isEqualTo(Errors.NONE);
    }
}

package io.millrace.gateway.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Topics.Topic;
import io.millrace.gateway.kafka.group.consumer.Catalog;
import io.millrace.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/// Committed offsets, and what becomes of them.
class OffsetsTest {
    private final Harness harness = new Harness();
    private final Topic topic = harness.topics.add("t", 40);

    private Errors commit(String group, String name, int partition, long offset) {
        return commit(
                9,
                new OffsetCommitRequestData().setGroupId(group),
                new OffsetCommitRequestTopic().setName(name),
                partition(partition, offset));
    }

    private static OffsetCommitRequestPartition partition(int partition, long offset) {
        return new OffsetCommitRequestPartition()
                .setPartitionIndex(partition)
                .setCommittedOffset(offset);
    }

    private Errors commit(
            int version,
            OffsetCommitRequestData request,
            OffsetCommitRequestTopic named,
            OffsetCommitRequestPartition partition) {
        request.topics().add(named.setPartitions(List.of(partition)));
        return Errors.forCode(
                harness.call(
                                ApiKeys.OFFSET_COMMIT,
                                version,
                                request,
                                OffsetCommitResponseData.class)
                        .topics()
                        .getFirst()
                        .partitions()
                        .getFirst()
                        .errorCode());
    }

    private OffsetFetchResponseGroup fetch(OffsetFetchRequestGroup group, boolean isStable) {
        return harness.call(
                        ApiKeys.OFFSET_FETCH,
                        group.topics() != null
                                        && !group.topics().isEmpty()
                                        && !group.topics()
                                                .getFirst()
                                                .topicId()
                                                .equals(Uuid.ZERO_UUID)
                                ? 10
                                : 9,
                        new OffsetFetchRequestData()
                                .setGroups(List.of(group))
                                .setRequireStable(isStable),
                        OffsetFetchResponseData.class)
                .groups()
                .getFirst();
    }

    private long fetched(String group, String name, int partition) {
        return fetch(
                        new OffsetFetchRequestGroup()
                                .setGroupId(group)
                                .setTopics(
                                        List.of(
                                                new OffsetFetchRequestTopics()
                                                        .setName(name)
                                                        .setPartitionIndexes(List.of(partition)))),
                        false)
                .topics()
                .getFirst()
                .partitions()
                .getFirst()
                .committedOffset();
    }

    @Test
    void offsetsOutliveACrashOnceTheyAreAcknowledged() {
        assertThat(commit("g", "t", 3, 17)).isEqualTo(Errors.NONE);
        assertThat(commit("g", "t", 33, 18)).isEqualTo(Errors.NONE);
        harness.restart();
        assertThat(fetched("g", "t", 3)).isEqualTo(17);
        assertThat(fetched("g", "t", 33)).isEqualTo(18);
        assertThat(fetched("g", "t", 4)).isEqualTo(-1);
        assertThat(fetched("h", "t", 3)).isEqualTo(-1);
        assertThat(
                        fetch(new OffsetFetchRequestGroup().setGroupId("g").setTopics(null), false)
                                .topics()
                                .getFirst()
                                .partitions())
                .hasSize(2);
    }

    @Test
    void whatIsWrongIsSaidOfEachPartition() {
        assertThat(commit("g", "none", 3, 17)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(commit("g", "t", 40, 17)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(
                        commit(
                                9,
                                new OffsetCommitRequestData().setGroupId("g"),
                                new OffsetCommitRequestTopic().setName("t"),
                                partition(1, 1).setCommittedMetadata("x".repeat(4097))))
                .isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE);
        assertThat(
                        commit(
                                10,
                                new OffsetCommitRequestData().setGroupId("g"),
                                new OffsetCommitRequestTopic().setTopicId(Uuid.randomUuid()),
                                partition(1, 1)))
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void theLatestVersionsNameTopicsByTheirIds() {
        Uuid id = Catalog.kafkaId(topic.id());
        assertThat(
                        commit(
                                10,
                                new OffsetCommitRequestData().setGroupId("g"),
                                new OffsetCommitRequestTopic().setTopicId(id),
                                partition(1, 5)
                                        .setCommittedMetadata("m")
                                        .setCommittedLeaderEpoch(0)))
                .isEqualTo(Errors.NONE);
        var found =
                fetch(
                                new OffsetFetchRequestGroup()
                                        .setGroupId("g")
                                        .setTopics(
                                                List.of(
                                                        new OffsetFetchRequestTopics()
                                                                .setTopicId(id)
                                                                .setPartitionIndexes(List.of(1)))),
                                true)
                        .topics()
                        .getFirst();
        assertThat(found.topicId()).isEqualTo(id);
        assertThat(found.partitions().getFirst().committedOffset()).isEqualTo(5);
        assertThat(found.partitions().getFirst().metadata()).isEqualTo("m");
    }

    @Test
    void olderClientsFetchOneGroup() {
        commit("g", "t", 3, 17);
        OffsetFetchResponseData found =
                harness.call(
                        ApiKeys.OFFSET_FETCH,
                        1,
                        new OffsetFetchRequestData()
                                .setGroupId("g")
                                .setTopics(
                                        List.of(
                                                new OffsetFetchRequestTopic()
                                                        .setName("t")
                                                        .setPartitionIndexes(List.of(3, 4)))),
                        OffsetFetchResponseData.class);
        assertThat(found.topics().getFirst().partitions().getFirst().committedOffset())
                .isEqualTo(17);
        assertThat(found.topics().getFirst().partitions().getLast().committedOffset())
                .isEqualTo(-1);
    }

    @Test
    void onlyMembersCommitInAGroupThatHasSome() {
        ClassicClient member = new ClassicClient(harness, "c", null);
        var join = member.askJoin();
        harness.pass(3_000);
        member.joined(join);
        OffsetCommitRequestData own = new OffsetCommitRequestData().setGroupId("c");
        own.setMemberId(member.memberId).setGenerationIdOrMemberEpoch(1);
        OffsetCommitRequestTopic named = new OffsetCommitRequestTopic().setName("t");
        assertThat(commit(9, own.duplicate(), named.duplicate(), partition(1, 1)))
                .isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        member.askSync(Map.of());
        assertThat(commit(9, own.duplicate(), named.duplicate(), partition(1, 1)))
                .isEqualTo(Errors.NONE);
        assertThat(commit("c", "t", 1, 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        own.setGenerationIdOrMemberEpoch(2);
        assertThat(commit(9, own.duplicate(), named.duplicate(), partition(1, 1)))
                .isEqualTo(Errors.ILLEGAL_GENERATION);
        NewClient modern = new NewClient(harness, "n", "m", null);
        modern.beat();
        OffsetCommitRequestData its =
                new OffsetCommitRequestData().setGroupId("n").setMemberId("m");
        its.setGenerationIdOrMemberEpoch(9);
        assertThat(commit(9, its.duplicate(), named.duplicate(), partition(1, 1)))
                .isEqualTo(Errors.STALE_MEMBER_EPOCH);
        its.setGenerationIdOrMemberEpoch(modern.epoch);
        assertThat(commit(9, its.duplicate(), named.duplicate(), partition(1, 1)))
                .isEqualTo(Errors.NONE);
        assertThat(commit(8, its.duplicate(), named.duplicate(), partition(1, 1)))
                .isEqualTo(Errors.UNSUPPORTED_VERSION);
        OffsetFetchRequestGroup stale =
                new OffsetFetchRequestGroup().setGroupId("n").setMemberId("m").setMemberEpoch(7);
        assertThat(fetch(stale, false).errorCode()).isEqualTo(Errors.STALE_MEMBER_EPOCH.code());
    }

    @Test
    void aTopicThatGoesTakesItsOffsetsWithIt() {
        commit("g", "t", 3, 17);
        commit("g", "t", 20, 17);
        harness.topics.delete(Principal.LOCAL, "t");
        harness.serial.runPending();
        harness.topics.add("t", 40);
        assertThat(fetched("g", "t", 3)).isEqualTo(-1);
        assertThat(harness.table.contents()).isEmpty();
    }

    @Test
    void offsetsOfATopicOfTheSameNameThatWentWhileNobodyLookedDoNotCount() {
        commit("g", "t", 3, 17);
        commit("g", "t", 20, 17);
        harness.topics.add("t", 40);
        assertThat(fetched("g", "t", 3)).isEqualTo(-1);
        commit("g", "t", 3, 1);
        assertThat(fetched("g", "t", 3)).isEqualTo(1);
        assertThat(fetched("g", "t", 20)).isEqualTo(-1);
        harness.restart();
        assertThat(fetched("g", "t", 20)).isEqualTo(-1);
    }

    @Test
    void offsetsGoAWeekAfterTheLastMemberAndThenTheGroup() {
        NewClient member = new NewClient(harness, "g", "m", null);
        member.beat();
        OffsetCommitRequestData own =
                new OffsetCommitRequestData().setGroupId("g").setMemberId("m");
        own.setGenerationIdOrMemberEpoch(member.epoch);
        commit(9, own, new OffsetCommitRequestTopic().setName("t"), partition(1, 5));
        commit("simple", "t", 1, 6);
        for (int day = 0; day < 8; day++) {
            for (int i = 0; i < 24 * 3600 / 40; i++) {
                harness.pass(40_000);
                member.beat();
            }
        }
        assertThat(fetched("simple", "t", 1)).isEqualTo(-1);
        assertThat(fetched("g", "t", 1)).isEqualTo(5);
        member.send(-1, false);
        harness.serial.advance(Duration.ofDays(6));
        harness.restart();
        assertThat(fetched("g", "t", 1)).isEqualTo(5);
        harness.serial.advance(Duration.ofDays(1).plusMinutes(20));
        assertThat(fetched("g", "t", 1)).isEqualTo(-1);
        assertThat(harness.table.contents()).isEmpty();
        assertThat(listed(List.of(), List.of())).isEmpty();
    }

    private List<ListedGroup> listed(List<String> states, List<String> types) {
        return harness.call(
                        ApiKeys.LIST_GROUPS,
                        5,
                        new ListGroupsRequestData().setStatesFilter(states).setTypesFilter(types),
                        ListGroupsResponseData.class)
                .groups();
    }

    @Test
    void groupsAreListedByStateAndTypeAndDeletedWhenEmpty() {
        commit("simple", "t", 1, 6);
        NewClient member = new NewClient(harness, "n", "m", null);
        member.beat();
        assertThat(listed(List.of(), List.of()))
                .extracting(ListedGroup::groupId)
                .containsExactly("n", "simple");
        assertThat(listed(List.of("empty"), List.of()))
                .extracting(ListedGroup::groupId)
                .containsExactly("simple");
        assertThat(listed(List.of(), List.of("consumer")))
                .extracting(ListedGroup::groupId)
                .containsExactly("n");
        DeleteGroupsResponseData deleted =
                harness.call(
                        ApiKeys.DELETE_GROUPS,
                        2,
                        new DeleteGroupsRequestData()
                                .setGroupsNames(List.of("simple", "n", "none")),
                        DeleteGroupsResponseData.class);
        assertThat(deleted.results().find("simple").errorCode()).isZero();
        assertThat(deleted.results().find("n").errorCode())
                .isEqualTo(Errors.NON_EMPTY_GROUP.code());
        assertThat(deleted.results().find("none").errorCode())
                .isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        harness.restart();
        assertThat(fetched("simple", "t", 1)).isEqualTo(-1);
    }

    @Test
    void offsetsAreDeletedUnlessTheyAreInUse() {
        commit("g", "t", 1, 6);
        commit("g", "t", 2, 7);
        assertThat(deleteOffset("g", 1)).isEqualTo(Errors.NONE);
        assertThat(fetched("g", "t", 1)).isEqualTo(-1);
        assertThat(fetched("g", "t", 2)).isEqualTo(7);
        NewClient member = new NewClient(harness, "g", "m", null);
        member.beat();
        assertThat(deleteOffset("g", 2)).isEqualTo(Errors.GROUP_SUBSCRIBED_TO_TOPIC);
    }

    private Errors deleteOffset(String group, int partition) {
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(
                new OffsetDeleteRequestTopic()
                        .setName("t")
                        .setPartitions(
                                List.of(
                                        new OffsetDeleteRequestPartition()
                                                .setPartitionIndex(partition))));
        OffsetDeleteResponseData response =
                harness.call(
                        ApiKeys.OFFSET_DELETE,
                        0,
                        new OffsetDeleteRequestData().setGroupId(group).setTopics(topics),
                        OffsetDeleteResponseData.class);
        return Errors.forCode(response.topics().find("t").partitions().find(partition).errorCode());
    }

    private Errors commitInTransaction(long producer, int epoch, int partition, long offset) {
        return Errors.forCode(
                harness.call(
                                ApiKeys.TXN_OFFSET_COMMIT,
                                5,
                                new TxnOffsetCommitRequestData()
                                        .setTransactionalId("tx")
                                        .setGroupId("g")
                                        .setProducerId(producer)
                                        .setProducerEpoch((short) epoch)
                                        .setTopics(
                                                List.of(
                                                        new TxnOffsetCommitRequestTopic()
                                                                .setName("t")
                                                                .setPartitions(
                                                                        List.of(
                                                                                txn(
                                                                                        partition,
                                                                                        offset))))),
                                TxnOffsetCommitResponseData.class)
                        .topics()
                        .getFirst()
                        .partitions()
                        .getFirst()
                        .errorCode());
    }

    private static TxnOffsetCommitRequestPartition txn(int partition, long offset) {
        return new TxnOffsetCommitRequestPartition()
                .setPartitionIndex(partition)
                .setCommittedOffset(offset);
    }

    private void end(long producer, int epoch, boolean isCommit) {
        var done = harness.api.transactionalOffsets().complete(producer, (short) epoch, isCommit);
        harness.serial.runPending();
        assertThat(done).isCompleted();
    }

    private Errors stable(int partition) {
        return Errors.forCode(
                fetch(
                                new OffsetFetchRequestGroup()
                                        .setGroupId("g")
                                        .setTopics(
                                                List.of(
                                                        new OffsetFetchRequestTopics()
                                                                .setName("t")
                                                                .setPartitionIndexes(
                                                                        List.of(partition)))),
                                true)
                        .topics()
                        .getFirst()
                        .partitions()
                        .getFirst()
                        .errorCode());
    }

    @Test
    void offsetsOfATransactionCountWhenItIsCommitted() {
        commit("g", "t", 1, 10);
        assertThat(commitInTransaction(7, 0, 1, 20)).isEqualTo(Errors.NONE);
        assertThat(fetched("g", "t", 1)).isEqualTo(10);
        assertThat(stable(1)).isEqualTo(Errors.UNSTABLE_OFFSET_COMMIT);
        assertThat(stable(2)).isEqualTo(Errors.NONE);
        harness.restart();
        assertThat(stable(1)).isEqualTo(Errors.UNSTABLE_OFFSET_COMMIT);
        end(7, 1, true);
        end(7, 1, true);
        assertThat(stable(1)).isEqualTo(Errors.NONE);
        harness.restart();
        assertThat(fetched("g", "t", 1)).isEqualTo(20);
        assertThat(commitInTransaction(7, 1, 1, 30)).isEqualTo(Errors.NONE);
        end(7, 2, false);
        assertThat(fetched("g", "t", 1)).isEqualTo(20);
        harness.restart();
        assertThat(stable(1)).isEqualTo(Errors.NONE);
    }

    @Test
    void whatComesLateFromAFencedProducerIsRefused() {
        assertThat(commitInTransaction(7, 0, 1, 20)).isEqualTo(Errors.NONE);
        end(7, 1, false);
        assertThat(commitInTransaction(7, 0, 1, 20)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(commitInTransaction(7, 3, 1, 30)).isEqualTo(Errors.NONE);
        end(7, 1, true);
        assertThat(fetched("g", "t", 1)).isEqualTo(-1);
        end(7, 3, true);
        assertThat(fetched("g", "t", 1)).isEqualTo(30);
        harness.gate = Errors.INVALID_TXN_STATE;
        assertThat(commitInTransaction(7, 3, 1, 30)).isEqualTo(Errors.INVALID_TXN_STATE);
    }

    @Test
    void whatIsCommittedAfterATransactionsOffsetStays() {
        commitInTransaction(7, 0, 1, 20);
        harness.pass(1);
        commit("g", "t", 1, 25);
        end(7, 0, true);
        assertThat(fetched("g", "t", 1)).isEqualTo(25);
    }

    @Test
    void theCoordinatorIsAlwaysHere() {
        FindCoordinatorResponseData found =
                harness.call(
                        ApiKeys.FIND_COORDINATOR,
                        6,
                        new FindCoordinatorRequestData()
                                .setKeyType((byte) 2)
                                .setCoordinatorKeys(List.of("a", "b")),
                        FindCoordinatorResponseData.class);
        assertThat(found.coordinators()).hasSize(2);
        assertThat(found.coordinators().getLast().port()).isEqualTo(9092);
        FindCoordinatorResponseData old =
                harness.call(
                        ApiKeys.FIND_COORDINATOR,
                        0,
                        new FindCoordinatorRequestData().setKey("a"),
                        FindCoordinatorResponseData.class);
        assertThat(old.host()).isEqualTo("127.0.0.1");
        assertThat(old.nodeId()).isZero();
    }
}

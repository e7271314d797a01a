package io.millrace.gateway.kafka.share;

import static io.millrace.gateway.kafka.share.ShareBed.event;
import static io.millrace.gateway.kafka.share.ShareClient.say;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.broker.ReceiveRequest;
import io.millrace.broker.Topics;
import io.millrace.event.AttributeValue.IntegerValue;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.gateway.kafka.share.ShareClient.Given;
import io.millrace.gateway.kafka.share.ShareClient.Said;
import io.millrace.resource.ResourceKind;
import io.millrace.security.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Share groups request by request, on a real broker.
@Timeout(120)
final class ShareApiTest {
    private static final int LONG = 20_000;
    private static final int SHORT = 100;
    private static final int ACCEPT = 1;
    private static final int RELEASE = 2;
    private static final int REJECT = 3;
    private static final int RENEW = 4;

    @TempDir Path data;
    private ShareBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = new ShareBed(data, ShareSettings.DEFAULTS);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    private static List<String> ids(List<Given> given) {
        return given.stream().map(Given::id).toList();
    }

    /// Fetches until there are so many.
    private static List<Given> fetch(ShareClient client, int count) {
        List<Given> all = new ArrayList<>();
        while (all.size() < count) {
            all.addAll(client.fetch(100, LONG));
        }
        assertThat(all).hasSize(count);
        return all;
    }

    private List<String> work(String queue) throws InterruptedException {
        return bed
                .broker
                .queues()
                .receive(Principal.LOCAL, queue, new ReceiveRequest(100, Duration.ZERO, null))
                .stream()
                .map(leased -> leased.event().event().id())
                .toList();
    }

    @Test
    void jobsAreSharedWithOtherWorkers() throws Exception {
        Topics.Topic jobs = bed.queue("jobs", "");
        bed.enqueue("jobs", event("a"), event("b"), event("c"));
        ShareClient client = bed.client("g", "m", jobs);
        List<Given> given = client.fetch(2, LONG);
        assertThat(ids(given)).containsExactly("a", "b");
        assertThat(given).allMatch(each -> each.partition() == 4 && each.deliveries() == 1);
        assertThat(work("jobs")).containsExactly("c");
        assertThat(client.acknowledge(say(given, ACCEPT))).isEqualTo(Errors.NONE);
        assertThat(bed.ledger("jobs").settled()).isEqualTo(2);
        assertThat(bed.ledger("jobs").leased()).isEqualTo(1);
        assertThat(bed.client("other", "m", jobs).fetch(10, SHORT)).isEmpty();
    }

    @Test
    void higherPrioritiesComeFirst() {
        Topics.Topic jobs = bed.queue("jobs", "");
        bed.enqueue("jobs", event("low"), priority("high", 9), priority("lowest", 0));
        ShareClient client = bed.client("g", "m", jobs);
        assertThat(ids(client.fetch(1, LONG))).containsExactly("high");
        assertThat(ids(client.fetch(1, LONG))).containsExactly("low");
        assertThat(ids(client.fetch(1, LONG))).containsExactly("lowest");
    }

    private static Event priority(String id, int priority) {
        return Event.builder()
                .id(id)
                .source("/test")
                .type("t")
                .data(Bytes.utf8(id))
                .extension("priority", new IntegerValue(priority))
                .build();
    }

    @Test
    void whatIsReleasedComesAgainAndWhatIsRejectedDoesNot() {
        Topics.Topic jobs = bed.queue("jobs", "");
        bed.enqueue("jobs", event("a"), event("b"), event("c"), event("d"));
        ShareClient client = bed.client("g", "m", jobs);
        List<Given> given = fetch(client, 4);
        assertThat(
                        client.acknowledge(
                                new Said(4, 0, ACCEPT),
                                new Said(4, 1, RELEASE),
                                new Said(4, 2, REJECT),
                                new Said(4, 3, RENEW)))
                .isEqualTo(Errors.NONE);
        assertThat(given).hasSize(4);
        assertThat(client.fetch(10, LONG)).containsExactly(new Given(4, 1, 2, "b"));
        assertThat(bed.ledger("jobs").deadLettered()).isEqualTo(1);
        assertThat(bed.ledger("jobs").leased()).isEqualTo(2);
        // Settled before, or never given.
        assertThat(client.acknowledge(new Said(4, 0, ACCEPT)))
                .isEqualTo(Errors.INVALID_RECORD_STATE);
        assertThat(client.acknowledge(new Said(4, 99, ACCEPT)))
                .isEqualTo(Errors.INVALID_RECORD_STATE);
        // One that does not hold refuses the others of its partition.
        assertThat(client.acknowledge(new Said(4, 2, ACCEPT), new Said(4, 3, ACCEPT)))
                .isEqualTo(Errors.INVALID_RECORD_STATE);
        assertThat(client.acknowledge(new Said(4, 1, ACCEPT), new Said(4, 3, ACCEPT)))
                .isEqualTo(Errors.NONE);
        assertThat(bed.ledger("jobs").pending()).isZero();
    }

    @Test
    void acknowledgementsComeWithTheNextFetch() {
        Topics.Topic jobs = bed.queue("jobs", "");
        bed.enqueue("jobs", event("a"), event("b"));
        ShareClient client = bed.client("g", "m", jobs);
        List<Given> first = client.fetch(1, LONG);
        List<Given> second = client.fetch(1, LONG, say(first, ACCEPT));
        assertThat(ids(second)).containsExactly("b");
        assertThat(client.fetch(1, SHORT, say(second, RELEASE)))
                .containsExactly(new Given(4, 1, 2, "b"));
        assertThat(bed.ledger("jobs").settled()).isEqualTo(1);
    }

    @Test
    void whatIsReleasedTooOftenGoesToTheDeadLetters() {
        Topics.Topic jobs = bed.queue("jobs", ",\"deliveriesMax\":3");
        bed.enqueue("jobs", event("a"));
        ShareClient client = bed.client("g", "m", jobs);
        for (int i = 1; i <= 3; i++) {
            List<Given> given = client.fetch(1, LONG);
            assertThat(given).containsExactly(new Given(4, 0, i, "a"));
            assertThat(client.acknowledge(say(given, RELEASE))).isEqualTo(Errors.NONE);
        }
        assertThat(bed.ledger("jobs").deadLettered()).isEqualTo(1);
        assertThat(client.fetch(1, SHORT)).isEmpty();
    }

    @Test
    void aLeaseThatHasEndedCannotBeSettled() {
        Topics.Topic jobs = bed.queue("jobs", ",\"lease\":\"200ms\"");
        bed.enqueue("jobs", event("a"), event("b"));
        ShareClient client = bed.client("g", "m", jobs);
        List<Given> given = fetch(client, 2);
        Awaitility.await().until(() -> bed.ledger("jobs").leased() == 0);
        assertThat(client.acknowledge(say(given, ACCEPT))).isEqualTo(Errors.INVALID_RECORD_STATE);
        assertThat(bed.ledger("jobs").settled()).isZero();
        assertThat(bed.ledger("jobs").pending()).isEqualTo(2);
    }

    @Test
    void sessionsHaveEpochs() {
        Topics.Topic jobs = bed.queue("jobs", "");
        ShareClient client = bed.client("g", "m", jobs);
        client.epoch = 1;
        assertThat(client.fetching(1, SHORT).join().errorCode())
                .isEqualTo(Errors.SHARE_SESSION_NOT_FOUND.code());
        assertThat(ShareClient.first(client.acknowledging(1).join()))
                .isEqualTo(Errors.SHARE_SESSION_NOT_FOUND);
        client.epoch = 0;
        assertThat(client.fetching(1, SHORT, new Said(4, 0, ACCEPT)).join().errorCode())
                .isEqualTo(Errors.INVALID_REQUEST.code());
        client.epoch = 0;
        assertThat(client.fetch(1, SHORT)).isEmpty();
        client.epoch = 3;
        assertThat(client.fetching(1, SHORT).join().errorCode())
                .isEqualTo(Errors.INVALID_SHARE_SESSION_EPOCH.code());
        assertThat(ShareClient.first(client.acknowledging(0).join()))
                .isEqualTo(Errors.INVALID_SHARE_SESSION_EPOCH);
        client.epoch = 1;
        assertThat(client.fetch(1, SHORT)).isEmpty();
        assertThat(client.close()).isEqualTo(Errors.NONE);
        assertThat(client.close()).isEqualTo(Errors.SHARE_SESSION_NOT_FOUND);
    }

    @Test
    void whoClosesGivesBackWhatItHolds() {
        Topics.Topic jobs = bed.queue("jobs", ",\"deliveriesMax\":2");
        bed.enqueue("jobs", event("a"), event("b"));
        ShareClient client = bed.client("g", "m", jobs);
        fetch(client, 2);
        assertThat(client.close(new Said(4, 0, ACCEPT))).isEqualTo(Errors.NONE);
        ShareClient other = bed.client("g", "n", jobs);
        assertThat(other.fetch(10, LONG)).containsExactly(new Given(4, 1, 2, "b"));
        assertThat(other.close()).isEqualTo(Errors.NONE);
        assertThat(bed.ledger("jobs").deadLettered()).isEqualTo(1);
    }

    @Test
    void whoComesBackMaySettleWhatItHeld() {
        Topics.Topic jobs = bed.queue("jobs", "");
        bed.enqueue("jobs", event("a"));
        ShareClient client = bed.client("g", "m", jobs);
        List<Given> given = client.fetch(1, LONG);
        client.epoch = 0;
        assertThat(client.fetch(1, SHORT)).isEmpty();
        assertThat(client.acknowledge(say(given, ACCEPT))).isEqualTo(Errors.NONE);
    }

    @Test
    void aFetchWaitsForWhatComes() {
        Topics.Topic jobs = bed.queue("jobs", "");
        ShareClient client = bed.client("g", "m", jobs);
        CompletableFuture<ShareFetchResponseData> waiting = client.fetching(5, LONG);
        Awaitility.await()
                .until(() -> bed.broker.queues().status(Principal.LOCAL, "jobs").waiting() == 1);
        assertThat(waiting).isNotDone();
        bed.enqueue("jobs", priority("a", 7));
        assertThat(ShareClient.given(waiting.join())).containsExactly(new Given(7, 0, 1, "a"));
        assertThat(bed.broker.queues().status(Principal.LOCAL, "jobs").waiting()).isZero();
    }

    @Test
    void whoIsGoneGetsNothing() {
        Topics.Topic jobs = bed.queue("jobs", "");
        Runnable vanish = bed.client("g", "m", jobs).fetchAndVanish(5, LONG);
        Awaitility.await()
                .until(() -> bed.broker.queues().status(Principal.LOCAL, "jobs").waiting() == 1);
        vanish.run();
        bed.enqueue("jobs", event("a"));
        assertThat(ids(fetch(bed.client("g", "n", jobs), 1))).containsExactly("a");
    }

    @Test
    void aStreamGetsASubscription() {
        Topics.Topic events = bed.stream("readings", 3);
        bed.publish("/readings/before", event("before"));
        ShareClient client = bed.client("My.Group", "m", events);
        assertThat(join(client, 0, List.of("readings")).errorCode()).isZero();
        bed.publish("/readings/x", event("a"), event("b"));
        bed.publish("/readings/y", event("c"));
        bed.publish("/elsewhere", event("d"));
        List<Given> given = fetch(client, 3);
        assertThat(ids(given)).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(client.acknowledge(say(given, ACCEPT))).isEqualTo(Errors.NONE);
        assertThat(bed.broker.administration().list(Principal.LOCAL, ResourceKind.SUBSCRIPTION))
                .singleElement()
                .satisfies(each -> assertThat(each.name()).startsWith("share-my-group-readings-"));
        assertThat(client.fetch(1, SHORT)).isEmpty();
    }

    @Test
    void whatIsInAStreamMountedBelowIsNotTheGroups() {
        Topics.Topic readings = bed.stream("readings", 1);
        bed.put("Stream", "deep", ",\"mount\":\"/readings/deep\",\"partitions\":1");
        ShareClient client = bed.client("g", "m", readings);
        assertThat(client.fetch(1, SHORT)).isEmpty();
        bed.publish("/readings/deep/x", event("deep"));
        bed.publish("/readings/x", event("a"));
        List<Given> given = fetch(client, 1);
        assertThat(ids(given)).containsExactly("a");
        assertThat(client.acknowledge(say(given, ACCEPT))).isEqualTo(Errors.NONE);
        assertThat(bed.broker.subscriptions().status(Principal.LOCAL))
                .singleElement()
                .satisfies(each -> assertThat(each.waiting()).isZero());
    }

    @Test
    void aSubscriptionOfTheSameNameIsUsed() {
        Topics.Topic events = bed.stream("readings", 2);
        bed.put("Subscription", "g", ",\"pattern\":\"/readings/x/**\"");
        ShareClient client = bed.client("g", "m", events);
        assertThat(client.fetch(1, SHORT)).isEmpty();
        for (int i = 0; i < 50; i++) {
            // Some of them lie in one batch with others that are not wanted.
            bed.publish("/readings/x", event("x" + i));
            bed.publish("/readings/y", event("y" + i));
        }
        List<Given> given = fetch(client, 50);
        assertThat(given).allMatch(each -> each.id().startsWith("x"));
        assertThat(bed.broker.administration().list(Principal.LOCAL, ResourceKind.SUBSCRIPTION))
                .hasSize(1);
    }

    @Test
    void badAcknowledgementsAreRefused() {
        assertThat(Acknowledged.problem(List.of(said(5, 4, 1)), false)).contains("behind");
        assertThat(Acknowledged.problem(List.of(said(0, 4, 1), said(4, 5, 1)), false))
                .contains("follow");
        assertThat(Acknowledged.problem(List.of(said(0, 4, 1, 1)), false)).contains("one type");
        assertThat(Acknowledged.problem(List.of(said(0, 0)), false)).contains("one type");
        assertThat(Acknowledged.problem(List.of(said(0, 1, 1, 5)), true)).contains("5 is no");
        assertThat(Acknowledged.problem(List.of(said(0, 1, 4)), false)).contains("4 is no");
        assertThat(Acknowledged.problem(List.of(said(0, Long.MAX_VALUE, 1)), false)).isNull();
        assertThat(Acknowledged.problem(List.of(said(0, 1, 4, 0), said(2, 2, 3)), true)).isNull();
    }

    private static Acknowledged said(long first, long last, Integer... types) {
        return new Acknowledged(
                first, last, List.of(types).stream().map(Integer::byteValue).toList());
    }

    private static ShareGroupHeartbeatResponseData join(
            ShareClient client, int epoch, @Nullable List<String> topics) {
        return heartbeat(client, "My.Group", "m", epoch, topics);
    }

    private static ShareGroupHeartbeatResponseData heartbeat(
            ShareClient client,
            String group,
            String member,
            int epoch,
            @Nullable List<String> topics) {
        return (ShareGroupHeartbeatResponseData)
                client.send(
                                ApiKeys.SHARE_GROUP_HEARTBEAT,
                                new ShareGroupHeartbeatRequestData()
                                        .setGroupId(group)
                                        .setMemberId(member)
                                        .setMemberEpoch(epoch)
                                        .setSubscribedTopicNames(topics))
                        .join();
    }

    @Test
    void membersJoinAndLeave() {
        Topics.Topic events = bed.stream("readings", 3);
        ShareClient client = bed.client("My.Group", "m", events);
        assertThat(join(client, 0, null).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(join(client, 5, null).errorCode()).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
        ShareGroupHeartbeatResponseData first = join(client, 0, List.of("readings", "later"));
        assertThat(first.memberEpoch()).isEqualTo(1);
        assertThat(first.assignment().topicPartitions())
                .singleElement()
                .satisfies(each -> assertThat(each.partitions()).containsExactly(0, 1, 2));
        assertThat(join(client, 1, null).assignment()).isNull();
        // A topic that comes later is told of.
        bed.queue("later", "");
        ShareGroupHeartbeatResponseData more = join(client, 1, null);
        assertThat(more.memberEpoch()).isEqualTo(2);
        assertThat(more.assignment().topicPartitions()).hasSize(2);
        assertThat(heartbeat(client, "My.Group", "n", 0, List.of("readings")).memberEpoch())
                .isEqualTo(3);
        // The answer was lost, and is given again.
        assertThat(join(client, 1, null).errorCode()).isZero();
        assertThat(join(client, 17, null).errorCode()).isEqualTo(Errors.FENCED_MEMBER_EPOCH.code());
        ShareGroupDescribeResponseData.DescribedGroup described = describe(client, "My.Group");
        assertThat(described.groupState()).isEqualTo("Stable");
        assertThat(described.members()).hasSize(2);
        assertThat(bed.api.list())
                .extracting(ListedGroup::groupId, ListedGroup::groupState)
                .containsExactly(tuple("My.Group", "Stable"));
        assertThat(bed.api.delete("My.Group")).isEqualTo(Errors.NON_EMPTY_GROUP);
        assertThat(join(client, -1, null).memberEpoch()).isEqualTo(-1);
        assertThat(heartbeat(client, "My.Group", "n", -1, null).errorCode()).isZero();
        assertThat(describe(client, "My.Group").groupState()).isEqualTo("Empty");
        assertThat(describe(client, "none").errorCode())
                .isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    private static ShareGroupDescribeResponseData.DescribedGroup describe(
            ShareClient client, String group) {
        ShareGroupDescribeResponseData described =
                (ShareGroupDescribeResponseData)
                        client.send(
                                        ApiKeys.SHARE_GROUP_DESCRIBE,
                                        new ShareGroupDescribeRequestData()
                                                .setGroupIds(List.of(group)))
                                .join();
        return described.groups().getFirst();
    }

    private static DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponseGroup
            offsets(ShareClient client, String group) {
        DescribeShareGroupOffsetsRequestData data = new DescribeShareGroupOffsetsRequestData();
        data.groups()
                .add(
                        new DescribeShareGroupOffsetsRequestData
                                        .DescribeShareGroupOffsetsRequestGroup()
                                .setGroupId(group)
                                .setTopics(null));
        return ((DescribeShareGroupOffsetsResponseData)
                        client.send(ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS, data).join())
                .groups()
                .getFirst();
    }

    private static void moveToStart(ShareClient client) {
        AlterShareGroupOffsetsRequestData alter =
                new AlterShareGroupOffsetsRequestData().setGroupId("g");
        var topic =
                new AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopic()
                        .setTopicName("readings");
        topic.partitions()
                .add(
                        new AlterShareGroupOffsetsRequestData
                                        .AlterShareGroupOffsetsRequestPartition()
                                .setPartitionIndex(0)
                                .setStartOffset(0));
        alter.topics().add(topic);
        var altered =
                (AlterShareGroupOffsetsResponseData)
                        client.send(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, alter).join();
        assertThat(requireNonNull(altered.responses().find("readings")).partitions())
                .allMatch(each -> each.errorCode() == 0);
    }

    @Test
    void offsetsAreShownMovedAndDeleted() throws Exception {
        Topics.Topic events = bed.stream("readings", 1);
        ShareClient client = bed.client("g", "m", events);
        assertThat(offsets(client, "g").errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        assertThat(client.fetch(1, SHORT)).isEmpty();
        bed.publish("/readings/x", event("a"), event("b"), event("c"));
        List<Given> given = fetch(client, 3);
        assertThat(client.close(new Said(0, 0, ACCEPT))).isEqualTo(Errors.NONE);
        assertThat(given).hasSize(3);
        bed.reopen();
        var shown = offsets(client, "g").topics().getFirst();
        assertThat(shown.topicName()).isEqualTo("readings");
        assertThat(shown.partitions().getFirst().startOffset()).isEqualTo(1);
        assertThat(shown.partitions().getFirst().lag()).isEqualTo(2);
        moveToStart(client);
        assertThat(fetch(client, 3)).extracting(Given::deliveries).containsExactly(1, 1, 1);
        DeleteShareGroupOffsetsRequestData delete =
                new DeleteShareGroupOffsetsRequestData().setGroupId("g");
        delete.topics()
                .add(
                        new DeleteShareGroupOffsetsRequestData.DeleteShareGroupOffsetsRequestTopic()
                                .setTopicName("readings"));
        var deleted =
                (DeleteShareGroupOffsetsResponseData)
                        client.send(ApiKeys.DELETE_SHARE_GROUP_OFFSETS, delete).join();
        assertThat(deleted.responses()).allMatch(each -> each.errorCode() == 0);
        assertThat(bed.broker.administration().list(Principal.LOCAL, ResourceKind.SUBSCRIPTION))
                .isEmpty();
        assertThat(bed.api.list())
                .extracting(ListedGroup::groupId, ListedGroup::groupState)
                .containsExactly(tuple("g", "Empty"));
        assertThat(bed.api.delete("g")).isEqualTo(Errors.NONE);
        Awaitility.await().until(() -> !bed.api.has("g"));
        assertThat(bed.api.delete("g")).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }
}

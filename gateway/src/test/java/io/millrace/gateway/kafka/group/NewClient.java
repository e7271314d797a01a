package io.millrace.gateway.kafka.group;

import io.millrace.gateway.kafka.group.consumer.Catalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// A member that speaks KIP-848. It gives up what it has to at once, and says so with its next
/// heartbeat.
final class NewClient {
    final Harness harness;
    final String group;
    final @Nullable String instance;
    String memberId;
    int epoch;
    @Nullable List<String> topics = List.of("t");
    @Nullable String regex;
    @Nullable String assignor;
    int rebalanceMillis = 30_000;
    Map<UUID, Set<Integer>> owned = new TreeMap<>();
    private boolean hasNews = true;

    NewClient(Harness harness, String group, String memberId, @Nullable String instance) {
        this.harness = harness;
        this.group = group;
        this.memberId = memberId;
        this.instance = instance;
    }

    /// Joins, or reports what it has; takes over what it is told.
    Errors beat() {
        boolean joins = epoch == 0;
        if (joins) {
            owned.clear();
        }
        ConsumerGroupHeartbeatResponseData response = send(epoch, joins || hasNews);
        Errors error = Errors.forCode(response.errorCode());
        if (error == Errors.NONE) {
            epoch = response.memberEpoch();
            hasNews = false;
            if (response.assignment() != null) {
                take(response.assignment());
            }
        } else if (error == Errors.FENCED_MEMBER_EPOCH || error == Errors.UNKNOWN_MEMBER_ID) {
            epoch = 0;
            owned.clear();
        }
        return error;
    }

    /// Reports, and never hears of the answer: it says everything next time.
    void beatInVain() {
        if (epoch == 0) {
            owned.clear();
        }
        ask(epoch, true);
        hasNews = true;
    }

    /// Says everything next time, as after a connection was lost.
    void reportAgain() {
        hasNews = true;
    }

    private void take(ConsumerGroupHeartbeatResponseData.Assignment assignment) {
        Map<UUID, Set<Integer>> now = new TreeMap<>();
        assignment
                .topicPartitions()
                .forEach(each ->
                        now.put(Catalog.id(each.topicId()), new TreeSet<>(each.partitions())));
        hasNews = !now.equals(owned);
        owned = now;
    }

    /// A heartbeat that says everything, or only that it is there.
    ConsumerGroupHeartbeatResponseData send(int withEpoch, boolean isFull) {
        return ask(withEpoch, isFull).as(ConsumerGroupHeartbeatResponseData.class);
    }

    private Harness.Asked ask(int withEpoch, boolean isFull) {
        ConsumerGroupHeartbeatRequestData request =
                new ConsumerGroupHeartbeatRequestData()
                        .setGroupId(group)
                        .setMemberId(memberId)
                        .setInstanceId(instance)
                        .setMemberEpoch(withEpoch);
        if (isFull) {
            request.setRebalanceTimeoutMs(rebalanceMillis)
                    .setSubscribedTopicNames(topics)
                    .setSubscribedTopicRegex(regex)
                    .setServerAssignor(assignor)
                    .setTopicPartitions(ownedPartitions());
        }
        return harness.ask(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, request);
    }

    private List<ConsumerGroupHeartbeatRequestData.TopicPartitions> ownedPartitions() {
        List<ConsumerGroupHeartbeatRequestData.TopicPartitions> said = new ArrayList<>();
        owned.forEach((topic, partitions) ->
                said.add(
                        new ConsumerGroupHeartbeatRequestData.TopicPartitions()
                                .setTopicId(Catalog.kafkaId(topic))
                                .setPartitions(new ArrayList<>(partitions))));
        return said;
    }

    int count() {
        return owned.values().stream().mapToInt(Set::size).sum();
    }
}

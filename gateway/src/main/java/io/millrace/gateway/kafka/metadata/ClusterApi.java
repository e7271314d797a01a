package io.millrace.gateway.kafka.metadata;

import io.millrace.broker.Topics;
import io.millrace.broker.Topics.Topic;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/// DescribeCluster and DescribeTopicPartitions, which administrators' clients use.
final class ClusterApi {
    private static final byte BROKERS = 1;

    /// Partitions in one answer; Apache Kafka's own bound.
    private static final int PARTITIONS_MAX = 2000;

    private final Topics topics;
    private final Cluster cluster;

    ClusterApi(Topics topics, Cluster cluster) {
        this.topics = topics;
        this.cluster = cluster;
    }

    void describe(KafkaRequest request, Answer answer) {
        DescribeClusterRequestData data = (DescribeClusterRequestData) request.message();
        DescribeClusterResponseData response = new DescribeClusterResponseData();
        if (data.endpointType() != BROKERS) {
            answer.send(
                    response.setErrorCode(Errors.MISMATCHED_ENDPOINT_TYPE.code())
                            .setErrorMessage("this is a broker; there are no other endpoints"));
            return;
        }
        response.setClusterId(cluster.id()).setControllerId(Cluster.NODE).setEndpointType(BROKERS);
        response.brokers()
                .add(
                        new DescribeClusterBroker()
                                .setBrokerId(Cluster.NODE)
                                .setHost(cluster.host())
                                .setPort(cluster.port().getAsInt())
                                .setRack(Cluster.rack()));
        if (data.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(TopicAnswers.clusterOperations());
        }
        answer.send(response);
    }

    /// Topics by name, from the cursor on, until the answer has as many partitions as wanted.
    void partitions(KafkaRequest request, Answer answer) {
        DescribeTopicPartitionsRequestData data =
                (DescribeTopicPartitionsRequestData) request.message();
        Principal principal = request.peer().principal();
        int room = Math.clamp(data.responsePartitionLimit(), 1, PARTITIONS_MAX);
        String fromTopic = data.cursor() == null ? "" : data.cursor().topicName();
        DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
        List<String> names =
                data.topics().isEmpty()
                        ? topics.all(principal).stream().map(Topic::name).toList()
                        : data.topics().stream().map(TopicRequest::name).distinct().toList();
        for (String name : names.stream().sorted(Comparator.naturalOrder()).toList()) {
            if (name.compareTo(fromTopic) < 0) {
                continue;
            }
            if (response.nextCursor() != null) {
                break;
            }
            if (room <= 0) {
                response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
                break;
            }
            int first =
                    data.cursor() != null && name.equals(fromTopic)
                            ? Math.max(0, data.cursor().partitionIndex())
                            : 0;
            room -= describe(principal, name, first, room, response);
        }
        answer.send(response);
    }

    private int describe(
            Principal principal,
            String name,
            int first,
            int room,
            DescribeTopicPartitionsResponseData response) {
        Topic topic = topics.find(principal, name);
        if (topic == null) {
            Errors error =
                    TopicNames.isLegal(name)
                            ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                            : Errors.INVALID_TOPIC_EXCEPTION;
            response.topics()
                    .add(
                            new DescribeTopicPartitionsResponseTopic()
                                    .setName(name)
                                    .setErrorCode(error.code()));
            return 0;
        }
        int until = (int) Math.min(topic.partitions(), (long) first + room);
        List<DescribeTopicPartitionsResponsePartition> partitions = new ArrayList<>();
        for (int i = first; i < until; i++) {
            partitions.add(partition(i));
        }
        response.topics()
                .add(
                        new DescribeTopicPartitionsResponseTopic()
                                .setName(name)
                                .setTopicId(TopicNames.kafka(topic.id()))
                                .setIsInternal(TopicAnswers.isInternal(topic))
                                .setTopicAuthorizedOperations(TopicAnswers.topicOperations())
                                .setPartitions(partitions));
        if (until < topic.partitions()) {
            response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(until));
        }
        return partitions.size();
    }

    private static DescribeTopicPartitionsResponsePartition partition(int index) {
        return new DescribeTopicPartitionsResponsePartition()
                .setPartitionIndex(index)
                .setLeaderId(Cluster.NODE)
                .setLeaderEpoch(Cluster.LEADER_EPOCH)
                .setReplicaNodes(TopicAnswers.NODES)
                .setIsrNodes(TopicAnswers.NODES)
                .setEligibleLeaderReplicas(List.of())
                .setLastKnownElr(List.of())
                .setOfflineReplicas(List.of());
    }
}

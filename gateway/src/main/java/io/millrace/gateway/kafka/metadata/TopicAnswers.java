package io.millrace.gateway.kafka.metadata;

import io.millrace.broker.Topics.Topic;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;

/// Topics as answers describe them.
final class TopicAnswers {
    static final List<Integer> NODES = List.of(Cluster.NODE);

    /// The server's own stream.
    private static final String OWN = "millrace";

    private TopicAnswers() {}

    static MetadataResponseTopic described(Topic topic) {
        List<MetadataResponsePartition> partitions = new ArrayList<>(topic.partitions());
        for (int i = 0; i < topic.partitions(); i++) {
            partitions.add(
                    new MetadataResponsePartition()
                            .setPartitionIndex(i)
                            .setLeaderId(Cluster.NODE)
                            .setLeaderEpoch(Cluster.LEADER_EPOCH)
                            .setReplicaNodes(NODES)
                            .setIsrNodes(NODES)
                            .setOfflineReplicas(List.of()));
        }
        return new MetadataResponseTopic()
                .setName(topic.name())
                .setTopicId(TopicNames.kafka(topic.id()))
                .setIsInternal(isInternal(topic))
                .setPartitions(partitions);
    }

    static boolean isInternal(Topic topic) {
        return topic.resource().equals(OWN);
    }

    /// What may be done with a topic, as a bit for each operation.
    static int topicOperations() {
        return bits(
                AclOperation.READ,
                AclOperation.WRITE,
                AclOperation.CREATE,
                AclOperation.DELETE,
                AclOperation.ALTER,
                AclOperation.DESCRIBE,
                AclOperation.DESCRIBE_CONFIGS,
                AclOperation.ALTER_CONFIGS);
    }

    /// What may be done with the cluster, as a bit for each operation.
    static int clusterOperations() {
        return bits(
                AclOperation.CREATE,
                AclOperation.ALTER,
                AclOperation.DESCRIBE,
                AclOperation.DESCRIBE_CONFIGS,
                AclOperation.ALTER_CONFIGS,
                AclOperation.IDEMPOTENT_WRITE);
    }

    private static int bits(AclOperation... operations) {
        int bits = 0;
        for (AclOperation operation : operations) {
            bits |= 1 << operation.code();
        }
        return bits;
    }
}

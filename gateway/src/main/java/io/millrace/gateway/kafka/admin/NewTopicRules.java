package io.millrace.gateway.kafka.admin;

import io.millrace.broker.Topics;
import io.millrace.gateway.kafka.metadata.Cluster;
import io.millrace.gateway.kafka.metadata.TopicNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.protocol.Errors;

/// What a request for a new topic may say.
final class NewTopicRules {
    private static final int BY_DEFAULT = -1;

    private NewTopicRules() {}

    static AdminProblem problem(CreatableTopic topic) {
        if (!TopicNames.isLegal(topic.name())) {
            return new AdminProblem(
                    Errors.INVALID_TOPIC_EXCEPTION,
                    "a topic's name has 1 to 249 characters of a-z, A-Z, 0-9, . _ and -, and is"
                            + " not . or ..");
        }
        for (CreatableTopicConfig config : topic.configs()) {
            if (config.value() == null) {
                return new AdminProblem(
                        Errors.INVALID_CONFIG,
                        "%s has no value; leave it out for the default".formatted(config.name()));
            }
        }
        return topic.assignments().isEmpty() ? counted(topic) : assigned(topic);
    }

    private static AdminProblem counted(CreatableTopic topic) {
        if (topic.numPartitions() != BY_DEFAULT && topic.numPartitions() < 1) {
            return new AdminProblem(
                    Errors.INVALID_PARTITIONS,
                    "a topic has at least 1 partition; -1 leaves the number to the server");
        }
        if (topic.replicationFactor() != BY_DEFAULT && topic.replicationFactor() != 1) {
            return new AdminProblem(
                    Errors.INVALID_REPLICATION_FACTOR,
                    "the replication factor is %d, but there is 1 server: use 1, or -1"
                            .formatted(topic.replicationFactor()));
        }
        return AdminProblem.NONE;
    }

    private static AdminProblem assigned(CreatableTopic topic) {
        if (topic.numPartitions() != BY_DEFAULT || topic.replicationFactor() != BY_DEFAULT) {
            return new AdminProblem(
                    Errors.INVALID_REQUEST,
                    "where partitions are assigned, their number and the replication factor are"
                            + " -1");
        }
        List<List<Integer>> assignments = new ArrayList<>();
        for (int i = 0; i < topic.assignments().size(); i++) {
            CreatableReplicaAssignment assignment = topic.assignments().find(i);
            if (assignment == null) {
                return new AdminProblem(
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "partitions are numbered from 0 on, but %d is not assigned".formatted(i));
            }
            assignments.add(assignment.brokerIds());
        }
        return assigned(assignments);
    }

    /// @param assignments the servers of each partition
    static AdminProblem assigned(List<List<Integer>> assignments) {
        for (List<Integer> servers : assignments) {
            if (!servers.equals(List.of(Cluster.NODE))) {
                return new AdminProblem(
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "there is one server, %d, but a partition is assigned to %s"
                                .formatted(Cluster.NODE, servers));
            }
        }
        return AdminProblem.NONE;
    }

    static Topics.NewTopic newTopic(CreatableTopic topic) {
        Map<String, String> configs = new TreeMap<>();
        topic.configs().forEach(config -> configs.put(config.name(), config.value()));
        int partitions =
                topic.assignments().isEmpty() ? topic.numPartitions() : topic.assignments().size();
        return new Topics.NewTopic(topic.name(), partitions, configs);
    }
}

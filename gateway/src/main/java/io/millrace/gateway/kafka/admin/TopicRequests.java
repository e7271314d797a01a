package io.millrace.gateway.kafka.admin;

import io.millrace.broker.Topics;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.metadata.TopicNames;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests that make topics, let them grow, empty them and delete them.
final class TopicRequests {
    private static final Logger LOG = LoggerFactory.getLogger(TopicRequests.class);

    /// From here on topics to be deleted are named or numbered one by one.
    private static final short DELETE_BY_ID = 6;

    private static final AdminProblem TWICE =
            new AdminProblem(Errors.INVALID_REQUEST, "the topic is named twice in the request");

    private final Topics topics;
    private final TopicConfigs known;
    private final ChangeQueue changes;

    TopicRequests(Topics topics, TopicConfigs known, ChangeQueue changes) {
        this.topics = topics;
        this.known = known;
        this.changes = changes;
    }

    void create(KafkaRequest request, Answer answer) {
        CreateTopicsRequestData data = (CreateTopicsRequestData) request.message();
        changes.add(() -> {
            CreateTopicsResponseData response = new CreateTopicsResponseData();
            Set<String> seen = new HashSet<>();
            for (CreatableTopic topic : data.topics()) {
                if (seen.add(topic.name())) {
                    boolean isTwice = data.topics().findAll(topic.name()).size() > 1;
                    response.topics()
                            .add(
                                    isTwice
                                            ? refused(topic, TWICE)
                                            : created(
                                                    request.peer().principal(),
                                                    topic,
                                                    data.validateOnly()));
                }
            }
            answer.send(response);
        });
    }

    private CreatableTopicResult created(
            Principal principal, CreatableTopic topic, boolean validateOnly) {
        AdminProblem problem = NewTopicRules.problem(topic);
        if (!problem.isNone()) {
            return refused(topic, problem);
        }
        CreatableTopicResult result = new CreatableTopicResult().setName(topic.name());
        problem = AdminProblem.of(LOG, () -> create(principal, topic, validateOnly, result));
        return problem.isNone() ? result : refused(topic, problem);
    }

    private void create(
            Principal principal,
            CreatableTopic topic,
            boolean validateOnly,
            CreatableTopicResult result) {
        Topics.Topic created;
        try {
            created = topics.create(principal, NewTopicRules.newTopic(topic), validateOnly);
        } catch (MillraceException e) {
            boolean isOther =
                    e.code() == ErrorCode.RESOURCE_CONFLICT
                            && topics.find(principal, topic.name()) == null;
            if (isOther) {
                throw new MillraceException(
                        ErrorCode.REQUEST_INVALID,
                        "the topic cannot be created: " + e.getMessage(),
                        e);
            }
            throw e;
        }
        result.setNumPartitions(created.partitions()).setReplicationFactor((short) 1);
        if (!validateOnly) {
            result.setTopicId(TopicNames.kafka(created.id()));
            for (ConfigValue config : known.of(topics.configs(principal, topic.name()))) {
                result.configs().add(config.created());
            }
        }
    }

    private static CreatableTopicResult refused(CreatableTopic topic, AdminProblem problem) {
        return new CreatableTopicResult()
                .setName(topic.name())
                .setErrorCode(problem.error().code())
                .setErrorMessage(problem.message());
    }

    void delete(KafkaRequest request, Answer answer) {
        DeleteTopicsRequestData data = (DeleteTopicsRequestData) request.message();
        List<DeleteTopicState> asked = new ArrayList<>(data.topics());
        if (request.version() < DELETE_BY_ID) {
            data.topicNames().forEach(name -> asked.add(new DeleteTopicState().setName(name)));
        }
        changes.add(() -> {
            DeleteTopicsResponseData response = new DeleteTopicsResponseData();
            for (DeleteTopicState each : asked) {
                response.responses().add(deleted(request.peer().principal(), each));
            }
            answer.send(response);
        });
    }

    private DeletableTopicResult deleted(Principal principal, DeleteTopicState asked) {
        DeletableTopicResult result =
                new DeletableTopicResult().setName(asked.name()).setTopicId(asked.topicId());
        boolean hasId = !asked.topicId().equals(Uuid.ZERO_UUID);
        if (hasId == (asked.name() != null)) {
            return refused(
                    result,
                    new AdminProblem(
                            Errors.INVALID_REQUEST, "a topic is deleted by its name or its id"));
        }
        Topics.Topic topic =
                hasId
                        ? topics.find(principal, TopicNames.java(asked.topicId()))
                        : topics.find(principal, asked.name());
        if (topic == null) {
            Errors error = hasId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
            return refused(result, new AdminProblem(error, null));
        }
        result.setName(topic.name()).setTopicId(TopicNames.kafka(topic.id()));
        return refused(result, AdminProblem.of(LOG, () -> topics.delete(principal, topic.name())));
    }

    private static DeletableTopicResult refused(DeletableTopicResult result, AdminProblem problem) {
        return result.setErrorCode(problem.error().code()).setErrorMessage(problem.message());
    }

    void addPartitions(KafkaRequest request, Answer answer) {
        CreatePartitionsRequestData data = (CreatePartitionsRequestData) request.message();
        changes.add(() -> {
            CreatePartitionsResponseData response = new CreatePartitionsResponseData();
            Set<String> seen = new HashSet<>();
            for (CreatePartitionsTopic topic : data.topics()) {
                if (!seen.add(topic.name())) {
                    continue;
                }
                boolean isTwice = data.topics().findAll(topic.name()).size() > 1;
                AdminProblem problem =
                        isTwice
                                ? TWICE
                                : grown(request.peer().principal(), topic, data.validateOnly());
                response.results()
                        .add(
                                new CreatePartitionsTopicResult()
                                        .setName(topic.name())
                                        .setErrorCode(problem.error().code())
                                        .setErrorMessage(problem.message()));
            }
            answer.send(response);
        });
    }

    private AdminProblem grown(
            Principal principal, CreatePartitionsTopic asked, boolean validateOnly) {
        Topics.Topic topic = topics.find(principal, asked.name());
        if (topic == null) {
            return new AdminProblem(Errors.UNKNOWN_TOPIC_OR_PARTITION, null);
        }
        if (asked.count() <= topic.partitions()) {
            return new AdminProblem(
                    Errors.INVALID_PARTITIONS,
                    "the topic has %d partitions and can only get more, not %d"
                            .formatted(topic.partitions(), asked.count()));
        }
        List<List<Integer>> assignments = new ArrayList<>();
        if (asked.assignments() != null) {
            asked.assignments().forEach(each -> assignments.add(each.brokerIds()));
        }
        if (!assignments.isEmpty() && assignments.size() != asked.count() - topic.partitions()) {
            return new AdminProblem(
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    "%d partitions are added, but %d are assigned"
                            .formatted(asked.count() - topic.partitions(), assignments.size()));
        }
        AdminProblem problem = NewTopicRules.assigned(assignments);
        return problem.isNone()
                ? AdminProblem.of(
                        LOG,
                        () ->
                                topics.addPartitions(
                                        principal, asked.name(), asked.count(), validateOnly))
                : problem;
    }

    void deleteRecords(KafkaRequest request, Answer answer) {
        DeleteRecordsRequestData data = (DeleteRecordsRequestData) request.message();
        Thread.ofVirtual()
                .name("kafka-delete-records")
                .start(() -> {
                    DeleteRecordsResponseData response = new DeleteRecordsResponseData();
                    for (DeleteRecordsTopic topic : data.topics()) {
                        response.topics().add(emptied(request.peer().principal(), topic));
                    }
                    answer.send(response);
                });
    }

    private DeleteRecordsTopicResult emptied(Principal principal, DeleteRecordsTopic asked) {
        DeleteRecordsTopicResult result = new DeleteRecordsTopicResult().setName(asked.name());
        AdminProblem policy = AdminProblem.of(LOG, () -> mayDelete(principal, asked.name()));
        for (DeleteRecordsPartition partition : asked.partitions()) {
            DeleteRecordsPartitionResult emptied =
                    new DeleteRecordsPartitionResult()
                            .setPartitionIndex(partition.partitionIndex())
                            .setLowWatermark(-1);
            AdminProblem problem =
                    policy.isNone()
                            ? AdminProblem.of(
                                    LOG,
                                    () ->
                                            emptied.setLowWatermark(
                                                    topics.deleteRecords(
                                                            principal,
                                                            asked.name(),
                                                            partition.partitionIndex(),
                                                            offset(partition))))
                            : policy;
            result.partitions().add(emptied.setErrorCode(problem.error().code()));
        }
        return result;
    }

    private static long offset(DeleteRecordsPartition partition) {
        if (partition.offset() < -1) {
            throw new MillraceException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "there is no offset %d".formatted(partition.offset()));
        }
        return partition.offset();
    }

    /// What is only compacted has nothing that is old.
    private void mayDelete(Principal principal, String topic) {
        if (topics.find(principal, topic) == null) {
            throw new MillraceException(
                    ErrorCode.STREAM_NOT_FOUND, "there is no topic %s".formatted(topic));
        }
        String policy = topics.configs(principal, topic).getOrDefault("cleanup.policy", "delete");
        if (!policy.contains("delete")) {
            throw Errors.POLICY_VIOLATION.exception(
                    "cleanup.policy of the topic is %s: its records cannot be deleted"
                            .formatted(policy));
        }
    }
}

package io.millrace.gateway.kafka.metadata;

import io.millrace.broker.Topics;
import io.millrace.broker.Topics.NewTopic;
import io.millrace.broker.Topics.Topic;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.RequestHandler;
import io.millrace.gateway.kafka.wire.KafkaErrors;
import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Metadata: the broker and the topics, which are created if that is wanted.
public final class MetadataApi {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataApi.class);

    private final Topics topics;
    private final Cluster cluster;
    private final boolean createsTopics;
    private final Executor waiting;

    /// @param createsTopics whether topics are created that clients ask for
    /// @param waiting for what may wait
    public MetadataApi(Topics topics, Cluster cluster, boolean createsTopics, Executor waiting) {
        this.topics = topics;
        this.cluster = cluster;
        this.createsTopics = createsTopics;
        this.waiting = waiting;
    }

    /// Its requests.
    public Map<ApiKeys, RequestHandler> handlers() {
        ClusterApi others = new ClusterApi(topics, cluster);
        return Map.of(
                ApiKeys.METADATA,
                this::handle,
                ApiKeys.DESCRIBE_CLUSTER,
                others::describe,
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                others::partitions);
    }

    private void handle(KafkaRequest request, Answer answer) {
        MetadataRequestData data = (MetadataRequestData) request.message();
        Principal principal = request.peer().principal();
        MetadataResponseData response =
                new MetadataResponseData().setClusterId(cluster.id()).setControllerId(Cluster.NODE);
        response.brokers()
                .add(
                        new MetadataResponseBroker()
                                .setNodeId(Cluster.NODE)
                                .setHost(cluster.host())
                                .setPort(cluster.port().getAsInt())
                                .setRack(Cluster.rack()));
        if (data.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(TopicAnswers.clusterOperations());
        }
        List<MetadataRequestTopic> wanted = data.topics();
        List<String> missing = new ArrayList<>();
        if (wanted == null || (wanted.isEmpty() && request.version() == 0)) {
            topics.all(principal).forEach(topic -> add(response, TopicAnswers.described(topic)));
        } else {
            boolean creates = createsTopics && data.allowAutoTopicCreation();
            for (MetadataRequestTopic topic : new LinkedHashSet<>(wanted)) {
                find(principal, topic, creates ? missing : null, response);
            }
        }
        if (missing.isEmpty()) {
            finish(data, response, answer);
        } else {
            waiting.execute(() -> {
                missing.forEach(name -> add(response, created(principal, name)));
                finish(data, response, answer);
            });
        }
    }

    private static void finish(
            MetadataRequestData data, MetadataResponseData response, Answer answer) {
        if (data.includeTopicAuthorizedOperations()) {
            int operations = TopicAnswers.topicOperations();
            response.topics().forEach(topic -> topic.setTopicAuthorizedOperations(operations));
        }
        answer.send(response);
    }

    private static void add(MetadataResponseData response, MetadataResponseTopic topic) {
        response.topics().add(topic);
    }

    /// @param missing takes the name of a topic that is to be created; `null` if none is
    private void find(
            Principal principal,
            MetadataRequestTopic wanted,
            @Nullable List<String> missing,
            MetadataResponseData response) {
        String name = wanted.name();
        if (name == null || !wanted.topicId().equals(Uuid.ZERO_UUID)) {
            Topic topic = topics.find(principal, TopicNames.java(wanted.topicId()));
            add(
                    response,
                    topic == null
                            ? new MetadataResponseTopic()
                                    .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code())
                                    .setName(null)
                                    .setTopicId(wanted.topicId())
                            : TopicAnswers.described(topic));
            return;
        }
        Topic topic = topics.find(principal, name);
        if (topic != null) {
            add(response, TopicAnswers.described(topic));
        } else if (!TopicNames.isLegal(name)) {
            add(response, failed(name, Errors.INVALID_TOPIC_EXCEPTION));
        } else if (missing == null) {
            add(response, failed(name, Errors.UNKNOWN_TOPIC_OR_PARTITION));
        } else if (!missing.contains(name)) {
            missing.add(name);
        }
    }

    private static MetadataResponseTopic failed(String name, Errors error) {
        return new MetadataResponseTopic().setName(name).setErrorCode(error.code());
    }

    private MetadataResponseTopic created(Principal principal, String name) {
        try {
            return TopicAnswers.described(
                    topics.create(principal, new NewTopic(name, 0, Map.of()), false));
        } catch (MillraceException e) {
            if (e.code() == ErrorCode.RESOURCE_CONFLICT) {
                Topic other = topics.find(principal, name);
                if (other != null) {
                    return TopicAnswers.described(other);
                }
            }
            LOG.debug("The topic {} could not be created", name, e);
            Errors error = KafkaErrors.of(e.code());
            return failed(
                    name,
                    error == Errors.INVALID_REQUEST || error == Errors.TOPIC_ALREADY_EXISTS
                            ? Errors.INVALID_TOPIC_EXCEPTION
                            : error);
        } catch (RuntimeException e) {
            LOG.error("The topic {} could not be created", name, e);
            return failed(name, Errors.UNKNOWN_SERVER_ERROR);
        }
    }
}

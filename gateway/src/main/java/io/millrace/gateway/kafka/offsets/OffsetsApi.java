package io.millrace.gateway.kafka.offsets;

import io.millrace.broker.Topics;
import io.millrace.broker.Topics.Offsets;
import io.millrace.broker.Topics.TimedOffset;
import io.millrace.gateway.kafka.metadata.Cluster;
import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.request.KafkaRequest;
import io.millrace.gateway.kafka.request.RequestHandler;
import io.millrace.gateway.kafka.wire.KafkaErrors;
import io.millrace.security.Principal;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// ListOffsets and OffsetForLeaderEpoch.
public final class OffsetsApi {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetsApi.class);

    // Instead of a time, one of these asks for a place.
    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;

    private static final byte READ_COMMITTED = 1;

    /// From here on answers have the leader's epoch.
    private static final int EPOCHS_FROM = 4;

    private static final TimedOffset NONE = new TimedOffset(-1, -1);

    private final Topics topics;
    private final Executor waiting;

    /// @param waiting for what may wait
    public OffsetsApi(Topics topics, Executor waiting) {
        this.topics = topics;
        this.waiting = waiting;
    }

    /// Its requests.
    public Map<ApiKeys, RequestHandler> handlers() {
        return Map.of(
                ApiKeys.LIST_OFFSETS,
                this::list,
                ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                this::endOfEpoch);
    }

    private void list(KafkaRequest request, Answer answer) {
        ListOffsetsRequestData data = (ListOffsetsRequestData) request.message();
        Asker asker =
                new Asker(
                        request.peer().principal(),
                        data.isolationLevel() == READ_COMMITTED,
                        request.version() >= EPOCHS_FROM);
        boolean waits =
                data.topics().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .anyMatch(partition -> isOnDisk(partition.timestamp()));
        if (waits) {
            waiting.execute(() -> {
                try {
                    answer.send(listed(asker, data));
                } catch (RuntimeException e) {
                    answer.fail(e);
                }
            });
        } else {
            answer.send(listed(asker, data));
        }
    }

    private static boolean isOnDisk(long timestamp) {
        return timestamp >= 0 || timestamp == MAX_TIMESTAMP;
    }

    private ListOffsetsResponseData listed(Asker asker, ListOffsetsRequestData data) {
        ListOffsetsResponseData response = new ListOffsetsResponseData();
        for (ListOffsetsTopic topic : data.topics()) {
            ListOffsetsTopicResponse answered =
                    new ListOffsetsTopicResponse().setName(topic.name());
            response.topics().add(answered);
            for (ListOffsetsPartition partition : topic.partitions()) {
                answered.partitions().add(partition(asker, topic.name(), partition));
            }
        }
        return response;
    }

    private ListOffsetsPartitionResponse partition(
            Asker asker, String topic, ListOffsetsPartition wanted) {
        ListOffsetsPartitionResponse response =
                new ListOffsetsPartitionResponse().setPartitionIndex(wanted.partitionIndex());
        Errors error = epochError(wanted.currentLeaderEpoch());
        if (error == Errors.NONE && wanted.timestamp() < EARLIEST_PENDING_UPLOAD) {
            error = Errors.UNSUPPORTED_VERSION;
        }
        if (error != Errors.NONE) {
            return response.setErrorCode(error.code());
        }
        try {
            Place place = new Place(asker.principal, topic, wanted.partitionIndex());
            TimedOffset found = find(place, wanted.timestamp(), asker.committed);
            return response.setOffset(found.offset())
                    .setTimestamp(found.timestampMillis())
                    .setLeaderEpoch(
                            asker.knowsEpochs && found.offset() >= 0 ? Cluster.LEADER_EPOCH : -1);
        } catch (RuntimeException e) {
            return response.setErrorCode(failed(topic, e).code());
        }
    }

    /// Who asks, and how.
    private record Asker(Principal principal, boolean committed, boolean knowsEpochs) {}

    private record Place(Principal principal, String topic, int partition) {}

    private TimedOffset find(Place place, long timestamp, boolean committed) {
        Offsets offsets = topics.offsets(place.principal, place.topic, place.partition);
        long end = committed ? offsets.stable() : offsets.end();
        if (timestamp == LATEST) {
            return new TimedOffset(end, -1);
        } else if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) {
            return new TimedOffset(offsets.start(), -1);
        } else if (timestamp == LATEST_TIERED || timestamp == EARLIEST_PENDING_UPLOAD) {
            // Nothing is ever moved to other storage.
            return NONE;
        }
        TimedOffset found =
                timestamp == MAX_TIMESTAMP
                        ? topics.latest(place.principal, place.topic, place.partition)
                        : topics.offsetAt(place.principal, place.topic, place.partition, timestamp);
        return found.offset() >= end ? NONE : found;
    }

    private void endOfEpoch(KafkaRequest request, Answer answer) {
        OffsetForLeaderEpochRequestData data = (OffsetForLeaderEpochRequestData) request.message();
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        for (OffsetForLeaderTopic topic : data.topics()) {
            OffsetForLeaderTopicResult answered =
                    new OffsetForLeaderTopicResult().setTopic(topic.topic());
            response.topics().add(answered);
            for (OffsetForLeaderPartition partition : topic.partitions()) {
                answered.partitions()
                        .add(endOfEpoch(request.peer().principal(), topic.topic(), partition));
            }
        }
        answer.send(response);
    }

    private EpochEndOffset endOfEpoch(
            Principal principal, String topic, OffsetForLeaderPartition wanted) {
        EpochEndOffset response = new EpochEndOffset().setPartition(wanted.partition());
        Errors error = epochError(wanted.currentLeaderEpoch());
        if (error != Errors.NONE) {
            return response.setErrorCode(error.code());
        }
        try {
            Offsets offsets = topics.offsets(principal, topic, wanted.partition());
            // Of another epoch nothing is known.
            return wanted.leaderEpoch() == Cluster.LEADER_EPOCH
                    ? response.setLeaderEpoch(Cluster.LEADER_EPOCH).setEndOffset(offsets.end())
                    : response;
        } catch (RuntimeException e) {
            return response.setErrorCode(failed(topic, e).code());
        }
    }

    private static Errors epochError(int epoch) {
        return epoch > Cluster.LEADER_EPOCH ? Errors.UNKNOWN_LEADER_EPOCH : Errors.NONE;
    }

    private static Errors failed(String topic, RuntimeException problem) {
        Errors error = KafkaErrors.of(problem);
        if (error == Errors.UNKNOWN_SERVER_ERROR) {
            LOG.error("Offsets of {} could not be found", topic, problem);
        }
        return error;
    }
}

package io.millrace.gateway.kafka.share;

import io.millrace.gateway.kafka.wire.StoredRecords;
import io.millrace.group.LeasedOffsets;
import io.millrace.log.LogRegion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.message.ShareFetchResponseData.AcquiredRecords;
import org.apache.kafka.common.message.ShareFetchResponseData.PartitionData;
import org.apache.kafka.common.message.ShareFetchResponseData.ShareFetchableTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// What a ShareFetch is answered, while it comes together. Thread-safe.
final class FetchAnswer {
    private static final Duration LEASE_DEFAULT = Duration.ofSeconds(30);
    private static final StoredRecords NOTHING = StoredRecords.of(new byte[0]);

    private final Map<SharedPartition, PartitionData> partitions = new LinkedHashMap<>();
    private final Map<Uuid, PartitionData> failed = new HashMap<>();

    private PartitionData partition(SharedPartition partition) {
        return partitions.computeIfAbsent(
                partition,
                _ ->
                        new PartitionData()
                                .setPartitionIndex(partition.partition())
                                .setRecords(NOTHING)
                                .setAcquiredRecords(List.of()));
    }

    synchronized void acknowledged(
            SharedPartition partition, Errors error, @Nullable String message) {
        partition(partition)
                .setAcknowledgeErrorCode(error.code())
                .setAcknowledgeErrorMessage(message == null ? text(error) : message);
    }

    private static @Nullable String text(Errors error) {
        return error == Errors.NONE ? null : error.message();
    }

    /// Nothing of a topic can be had.
    synchronized void failed(Uuid topic, Errors error, @Nullable String message) {
        failed.put(
                topic,
                new PartitionData()
                        .setErrorCode(error.code())
                        .setErrorMessage(message == null ? text(error) : message));
    }

    synchronized void failed(SharedPartition partition, Errors error, @Nullable String message) {
        partition(partition)
                .setErrorCode(error.code())
                .setErrorMessage(message == null ? text(error) : message);
    }

    synchronized boolean hasFailed(Uuid topic) {
        return failed.containsKey(topic);
    }

    synchronized boolean hasFailures() {
        return !failed.isEmpty();
    }

    /// @param batches in which the records lie; taken over
    synchronized void given(
            SharedPartition partition, List<LeasedOffsets.Run> runs, LogRegion batches) {
        StoredRecords records = new StoredRecords(batches);
        List<AcquiredRecords> acquired = new ArrayList<>(runs.size());
        AcquiredRecords before = null;
        for (LeasedOffsets.Run run : runs) {
            short deliveries = (short) Math.min(run.deliveries(), Short.MAX_VALUE);
            if (before != null
                    && before.lastOffset() + 1 == run.first()
                    && before.deliveryCount() == deliveries) {
                before.setLastOffset(run.last());
            } else {
                before =
                        new AcquiredRecords()
                                .setFirstOffset(run.first())
                                .setLastOffset(run.last())
                                .setDeliveryCount(deliveries);
                acquired.add(before);
            }
        }
        partition(partition).setRecords(records).setAcquiredRecords(acquired);
    }

    /// @param lease the shortest there is
    /// @param asked what the session is about
    synchronized ShareFetchResponseData build(
            @Nullable Duration lease, List<SharedPartition> asked) {
        for (SharedPartition each : asked) {
            PartitionData problem = failed.get(each.topic());
            if (problem != null) {
                partition(each)
                        .setErrorCode(problem.errorCode())
                        .setErrorMessage(problem.errorMessage());
            }
        }
        ShareFetchResponseData data =
                new ShareFetchResponseData()
                        .setAcquisitionLockTimeoutMs(
                                (int)
                                        Math.min(
                                                (lease == null ? LEASE_DEFAULT : lease).toMillis(),
                                                Integer.MAX_VALUE));
        partitions.forEach((key, value) -> {
            ShareFetchableTopicResponse topic = data.responses().find(key.topic());
            if (topic == null) {
                topic = new ShareFetchableTopicResponse().setTopicId(key.topic());
                data.responses().add(topic);
            }
            topic.partitions().add(value);
        });
        return data;
    }
}

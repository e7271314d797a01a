package io.millrace.gateway.kafka.fetch;

import io.millrace.broker.Topics;
import io.millrace.broker.Topics.Fetched;
import io.millrace.broker.Topics.Kind;
import io.millrace.broker.Topics.Offsets;
import io.millrace.broker.Topics.Topic;
import io.millrace.gateway.kafka.metadata.Cluster;
import io.millrace.gateway.kafka.metadata.TopicNames;
import io.millrace.gateway.kafka.wire.KafkaErrors;
import io.millrace.gateway.kafka.wire.StoredRecords;
import io.millrace.log.Isolation;
import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what one fetch request asks for. One thread at a time.
final class FetchReader {
    private static final Logger LOG = LoggerFactory.getLogger(FetchReader.class);
    private static final StoredRecords NOTHING = StoredRecords.of(new byte[0]);

    private final Topics topics;
    private final Principal principal;
    private final Isolation isolation;
    private final int bytesMax;
    private final List<Located> located = new ArrayList<>();
    private long endsSeen;

    /// A target with the name of its topic; the error says why there is none.
    private record Located(FetchTarget target, String topic, Errors error) {}

    FetchReader(Topics topics, Principal principal, Isolation isolation, int bytesMax) {
        this.topics = topics;
        this.principal = principal;
        this.isolation = isolation;
        this.bytesMax = bytesMax;
    }

    /// Adds what is to be read. Never blocks.
    void add(List<FetchTarget> targets) {
        Map<Uuid, Topic> byId = new HashMap<>();
        Map<String, Topic> byName = new HashMap<>();
        for (FetchTarget target : targets) {
            PartitionKey key = target.key();
            Topic topic =
                    key.isById()
                            ? topic(
                                    byId,
                                    key.id(),
                                    id -> topics.find(principal, TopicNames.java(id)))
                            : topic(byName, key.topic(), name -> topics.find(principal, name));
            located.add(locate(target, topic));
        }
    }

    private static <K> @Nullable Topic topic(
            Map<K, Topic> known, K key, Function<K, @Nullable Topic> find) {
        Topic topic = known.get(key);
        if (topic == null) {
            topic = find.apply(key);
            if (topic != null) {
                known.put(key, topic);
            }
        }
        return topic;
    }

    private static Located locate(FetchTarget target, @Nullable Topic topic) {
        if (topic == null) {
            return target.key().isById()
                    ? new Located(target, "", Errors.UNKNOWN_TOPIC_ID)
                    : new Located(target, target.key().topic(), Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        String name = topic.name();
        if (topic.kind() == Kind.QUEUE) {
            // The one error that consumers do not take for passing; the answer has no words.
            LOG.debug("{} is a queue, which is not fetched: share groups drain its jobs", name);
            return new Located(target, name, Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        if (target.leaderEpoch() > Cluster.LEADER_EPOCH) {
            return new Located(target, name, Errors.UNKNOWN_LEADER_EPOCH);
        }
        return new Located(target, name, Errors.NONE);
    }

    /// Whether there is something to tell: records or an error. Never blocks.
    boolean isReady() {
        for (Located each : located) {
            if (each.error != Errors.NONE) {
                return true;
            }
            try {
                Offsets offsets = offsets(each);
                long offset = each.target.offset();
                if (offset < limit(offsets) || offset < offsets.start() || offset > offsets.end()) {
                    return true;
                }
            } catch (RuntimeException _) {
                return true;
            }
        }
        return false;
    }

    /// Whether [#read] is not likely to wait for the disk: there is nothing to read, or only what
    /// was stored a moment ago. Never blocks.
    boolean isQuick() {
        for (Located each : located) {
            if (each.error == Errors.NONE && !isQuick(each)) {
                return false;
            }
        }
        return true;
    }

    private boolean isQuick(Located each) {
        long offset = each.target.offset();
        int partition = each.target.key().partition();
        try {
            return topics.isRecent(each.topic, partition, offset) || offset >= limit(offsets(each));
        } catch (RuntimeException _) {
            // Which reading will tell.
            return true;
        }
    }

    /// Whether more is stored than at the last [#read]. Never blocks.
    boolean hasMore() {
        return ends() != endsSeen;
    }

    private long ends() {
        long sum = 0;
        for (Located each : located) {
            if (each.error == Errors.NONE) {
                try {
                    sum += limit(offsets(each));
                } catch (RuntimeException _) {
                    // It was deleted, which is something to tell.
                    sum--;
                }
            }
        }
        return sum;
    }

    private Offsets offsets(Located each) {
        return topics.offsets(principal, each.topic, each.target.key().partition());
    }

    private long limit(Offsets offsets) {
        return isolation == Isolation.READ_COMMITTED ? offsets.stable() : offsets.end();
    }

    /// Has an action called when there may be more.
    ///
    /// @return to be closed by the caller
    List<Topics.Watch> watch(Runnable action) {
        List<Topics.Watch> watches = new ArrayList<>(located.size());
        for (Located each : located) {
            if (each.error == Errors.NONE) {
                try {
                    watches.add(topics.watch(each.topic, each.target.key().partition(), action));
                } catch (RuntimeException _) {
                    // It was deleted: the caller looks again after this and finds out.
                }
            }
        }
        return watches;
    }

    /// What was read.
    ///
    /// @param bytes of records
    /// @param hasErrors whether there is an error to be told
    record Result(Map<PartitionKey, PartitionData> partitions, long bytes, boolean hasErrors) {
        void close() {
            partitions.values().forEach(FetchReader::close);
        }
    }

    static void close(PartitionData partition) {
        if (partition.records() instanceof StoredRecords stored) {
            stored.close();
        }
    }

    /// Reads. May wait for the disk.
    Result read() {
        endsSeen = ends();
        Map<PartitionKey, PartitionData> partitions =
                LinkedHashMap.newLinkedHashMap(located.size());
        long bytes = 0;
        boolean hasErrors = false;
        for (Located each : located) {
            if (partitions.containsKey(each.target.key())) {
                continue;
            }
            PartitionData data =
                    new PartitionData().setPartitionIndex(each.target.key().partition());
            Errors error = each.error;
            if (error == Errors.NONE) {
                error = read(each, bytesMax - bytes, data);
            }
            if (error != Errors.NONE) {
                hasErrors = true;
                data.setErrorCode(error.code()).setRecords(NOTHING);
            }
            bytes += data.records().sizeInBytes();
            partitions.put(each.target.key(), data);
        }
        return new Result(partitions, bytes, hasErrors);
    }

    private Errors read(Located each, long room, PartitionData data) {
        try {
            Offsets offsets = offsets(each);
            tell(data, offsets);
            long offset = each.target.offset();
            if (offset < offsets.start() || offset > offsets.end()) {
                return Errors.OFFSET_OUT_OF_RANGE;
            }
            if (room <= 0 || offset >= limit(offsets)) {
                data.setRecords(NOTHING);
                if (isolation == Isolation.READ_COMMITTED) {
                    data.setAbortedTransactions(List.of());
                }
                return Errors.NONE;
            }
            int bytes = (int) Math.min(room, Math.max(0, each.target.bytesMax()));
            Fetched fetched =
                    topics.fetch(
                            principal,
                            each.topic,
                            each.target.key().partition(),
                            offset,
                            bytes,
                            isolation);
            tell(data, fetched.offsets());
            data.setRecords(new StoredRecords(fetched.region()));
            data.setAbortedTransactions(aborted(fetched));
            return Errors.NONE;
        } catch (RuntimeException e) {
            Errors error = KafkaErrors.of(e);
            if (error == Errors.UNKNOWN_SERVER_ERROR) {
                LOG.error("{} could not be fetched", each.topic, e);
            } else {
                LOG.debug("{} could not be fetched: {}", each.topic, e.getMessage());
            }
            return error;
        }
    }

    private @Nullable List<AbortedTransaction> aborted(Fetched fetched) {
        if (isolation != Isolation.READ_COMMITTED) {
            return null;
        }
        return fetched.aborted().stream()
                .map(aborted ->
                        new AbortedTransaction()
                                .setProducerId(aborted.producerId())
                                .setFirstOffset(aborted.firstOffset()))
                .toList();
    }

    private static void tell(PartitionData data, Offsets offsets) {
        data.setHighWatermark(offsets.end())
                .setLastStableOffset(offsets.stable())
                .setLogStartOffset(offsets.start());
    }
}

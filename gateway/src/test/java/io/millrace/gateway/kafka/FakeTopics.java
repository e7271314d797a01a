package io.millrace.gateway.kafka;

import io.millrace.broker.Topics;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.Isolation;
import io.millrace.log.ProducedBatch;
import io.millrace.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// [Topics] in memory: stores batches with their offsets, knows duplicates by sequence numbers, and
/// only notes markers of transactions without storing any. Replies come at once, on the caller's
/// thread. Thread-safe.
public final class FakeTopics implements Topics {
    private static final int PARTITIONS = 4;

    private final TreeMap<String, Entry> topics = new TreeMap<>();
    private final List<Consumer<Topic>> deleted = new CopyOnWriteArrayList<>();
    private final List<Marked> marked = new ArrayList<>();
    private final Set<Principal> readers = new HashSet<>();
    private final Map<String, MillraceException> failing = new HashMap<>();

    /// A marker that was asked for.
    public record Marked(String topic, int partition, TransactionMarker marker) {}

    private record Entry(Topic topic, List<FakePartition> partitions, Map<String, String> configs) {
        Entry withPartitions(int count) {
            List<FakePartition> more = new ArrayList<>(partitions);
            while (more.size() < count) {
                more.add(new FakePartition());
            }
            Topic grown =
                    new Topic(topic.name(), topic.id(), topic.kind(), topic.resource(), count);
            return new Entry(grown, more, configs);
        }
    }

    /// Adds a stream.
    public Topic add(String name, int partitions) {
        return add(name, Kind.STREAM, partitions);
    }

    /// Adds a stream or queue.
    public synchronized Topic add(String name, Kind kind, int partitions) {
        Topic topic = new Topic(name, UUID.randomUUID(), kind, name, 0);
        Entry entry = new Entry(topic, List.of(), new TreeMap<>()).withPartitions(partitions);
        topics.put(name, entry);
        return entry.topic;
    }

    /// Has everything that concerns a topic fail from now on.
    ///
    /// @param problem `null` for no more
    public synchronized void failWith(String topic, @Nullable MillraceException problem) {
        if (problem == null) {
            failing.remove(topic);
        } else {
            failing.put(topic, problem);
        }
    }

    /// The markers that were asked for, in order.
    public synchronized List<Marked> marked() {
        return List.copyOf(marked);
    }

    /// What a partition stores and counts, for assertions.
    public FakePartition partition(String topic, int partition) {
        return required(topic, partition);
    }

    @Override
    public synchronized @Nullable Topic find(Principal principal, String name) {
        Entry entry = topics.get(name);
        return entry == null ? null : entry.topic;
    }

    @Override
    public synchronized @Nullable Topic find(Principal principal, UUID id) {
        return all(principal).stream()
                .filter(topic -> topic.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    @Override
    public synchronized List<Topic> all(Principal principal) {
        return topics.values().stream().map(Entry::topic).toList();
    }

    @Override
    public synchronized Topic create(Principal principal, NewTopic topic, boolean validateOnly) {
        if (topics.containsKey(topic.name())) {
            throw new MillraceException(ErrorCode.RESOURCE_CONFLICT, topic.name() + " is there");
        }
        int count = topic.partitions() <= 0 ? PARTITIONS : topic.partitions();
        if (validateOnly) {
            return new Topic(topic.name(), new UUID(0, 0), Kind.STREAM, topic.name(), count);
        }
        Topic added = add(topic.name(), count);
        entry(topic.name()).configs.putAll(topic.configs());
        return added;
    }

    @Override
    public void delete(Principal principal, String name) {
        Entry entry;
        synchronized (this) {
            entry = entry(name);
            topics.remove(name);
        }
        deleted.forEach(listener -> listener.accept(entry.topic));
    }

    @Override
    public synchronized void addPartitions(
            Principal principal, String name, int partitions, boolean validateOnly) {
        Entry entry = entry(name);
        if (partitions <= entry.topic.partitions()) {
            throw new MillraceException(ErrorCode.RESOURCE_INVALID, "these are not more");
        }
        if (!validateOnly) {
            topics.put(name, entry.withPartitions(partitions));
        }
    }

    @Override
    public synchronized Map<String, String> configs(Principal principal, String name) {
        return Map.copyOf(entry(name).configs);
    }

    @Override
    public synchronized void configure(
            Principal principal,
            String name,
            Map<String, @Nullable String> changes,
            boolean validateOnly) {
        Entry entry = entry(name);
        if (validateOnly) {
            return;
        }
        changes.forEach((key, value) -> {
            if (value == null) {
                entry.configs.remove(key);
            } else {
                entry.configs.put(key, value);
            }
        });
    }

    @Override
    public Map<String, String> defaults() {
        return Map.of("num.partitions", Integer.toString(PARTITIONS));
    }

    /// Topics are read-only for these from now on.
    public synchronized void forbidWriting(Principal principal) {
        readers.add(principal);
    }

    @Override
    public synchronized boolean mayAppend(Principal principal, String topic) {
        return !readers.contains(principal);
    }

    @Override
    public void append(
            Principal principal, String topic, int partition, ProducedBatch bytes, Reply reply) {
        FakePartition.Stored stored;
        try {
            stored = required(topic, partition).append(bytes);
        } catch (MillraceException e) {
            reply.failed(e);
            return;
        }
        reply.stored(stored.base(), stored.start());
    }

    @Override
    public void mark(String topic, int partition, TransactionMarker marker, Reply reply) {
        FakePartition.Stored stored;
        try {
            stored = required(topic, partition).mark(marker);
        } catch (MillraceException e) {
            reply.failed(e);
            return;
        }
        synchronized (this) {
            marked.add(new Marked(topic, partition, marker));
        }
        reply.stored(stored.base(), stored.start());
    }

    @Override
    public Fetched fetch(
            Principal principal,
            String topic,
            int partition,
            long offset,
            int bytesMax,
            Isolation isolation) {
        return required(topic, partition).fetch(offset, bytesMax, isolation);
    }

    @Override
    public Offsets offsets(Principal principal, String topic, int partition) {
        return required(topic, partition).offsets();
    }

    /// Of the last ten.
    @Override
    public boolean isRecent(String topic, int partition, long offset) {
        return offset >= required(topic, partition).offsets().end() - 10;
    }

    @Override
    public TimedOffset offsetAt(
            Principal principal, String topic, int partition, long timestampMillis) {
        return required(topic, partition).offsetAt(timestampMillis);
    }

    @Override
    public TimedOffset latest(Principal principal, String topic, int partition) {
        return required(topic, partition).latest();
    }

    @Override
    public Watch watch(String topic, int partition, Runnable action) {
        return required(topic, partition).watch(action);
    }

    @Override
    public long deleteRecords(Principal principal, String topic, int partition, long before) {
        return required(topic, partition).deleteRecords(before);
    }

    @Override
    public List<Producer> producers(Principal principal, String topic, int partition) {
        return required(topic, partition).producers();
    }

    @Override
    public void whenDeleted(Consumer<Topic> listener) {
        deleted.add(listener);
    }

    private synchronized Entry entry(String name) {
        MillraceException problem = failing.get(name);
        if (problem != null) {
            throw problem;
        }
        Entry entry = topics.get(name);
        if (entry == null) {
            throw new MillraceException(ErrorCode.STREAM_NOT_FOUND, "no topic " + name);
        }
        return entry;
    }

    private FakePartition required(String topic, int partition) {
        List<FakePartition> partitions = entry(topic).partitions;
        if (partition < 0 || partition >= partitions.size()) {
            throw new MillraceException(
                    ErrorCode.PARTITION_NOT_FOUND, topic + " has no partition " + partition);
        }
        return partitions.get(partition);
    }
}

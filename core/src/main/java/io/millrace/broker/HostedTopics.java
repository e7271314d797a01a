package io.millrace.broker;

import io.millrace.broker.queue.HostedQueue;
import io.millrace.broker.queue.QueueHost;
import io.millrace.broker.stream.StreamSet;
import io.millrace.broker.topic.BatchIntake;
import io.millrace.broker.topic.TopicAccess;
import io.millrace.broker.topic.TopicNames;
import io.millrace.broker.topic.TopicPartition;
import io.millrace.broker.topic.TopicSettings;
import io.millrace.config.ProblemCollector;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.event.ContextPattern;
import io.millrace.io.Clock;
import io.millrace.io.Threading;
import io.millrace.log.Isolation;
import io.millrace.log.Log;
import io.millrace.log.ProducedBatch;
import io.millrace.producer.TransactionEnd;
import io.millrace.queue.JobRules;
import io.millrace.resource.Cleanup;
import io.millrace.resource.ResourceKind;
import io.millrace.resource.StreamResource;
import io.millrace.resource.TopicConfig;
import io.millrace.resource.TopicMapping;
import io.millrace.security.Guard;
import io.millrace.security.Principal;
import io.millrace.shard.Partition;
import io.millrace.shard.StreamId;
import io.millrace.stream.ContextTable;
import io.millrace.stream.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// [Topics] over the streams and queues that are set up.
final class HostedTopics implements Topics {
    private final Means means;
    private final BatchIntake intake;
    private final TopicAccess access;

    /// What topics stand on.
    ///
    /// @param requireOpen throws SHUTTING_DOWN when the broker is closed
    record Means(
            Guard guard,
            StreamSet streams,
            QueueHost queues,
            Administration administration,
            ContextTable contexts,
            TopicSettings settings,
            Clock clock,
            Threading threading,
            int eventBytesMax,
            Runnable requireOpen) {}

    HostedTopics(Means means) {
        this.means = means;
        this.access = new TopicAccess(means.guard);
        this.intake =
                new BatchIntake(
                        new BatchIntake.Means(
                                means.guard,
                                means.contexts,
                                means.clock,
                                means.threading,
                                means.eventBytesMax,
                                means.requireOpen));
    }

    private static Topic topic(Stream stream) {
        return new Topic(
                stream.topic(),
                stream.topicId(),
                Kind.STREAM,
                stream.name(),
                stream.partitions().size());
    }

    private static Topic topic(HostedQueue queue) {
        UUID id = TopicNames.ofQueue(new StreamId(queue.name(), queue.incarnation()));
        return new Topic(queue.name(), id, Kind.QUEUE, queue.name(), JobRules.LANES);
    }

    @Override
    public @Nullable Topic find(Principal principal, String name) {
        Stream stream = means.streams.mounts().ofTopic(name);
        if (stream != null) {
            return access.mayKnow(principal, stream.mount()) ? topic(stream) : null;
        }
        HostedQueue queue = means.queues.find(name);
        return queue != null && access.mayKnow(principal, queue.context()) ? topic(queue) : null;
    }

    @Override
    public @Nullable Topic find(Principal principal, UUID id) {
        Stream stream = means.streams.mounts().ofTopic(id);
        if (stream != null) {
            return access.mayKnow(principal, stream.mount()) ? topic(stream) : null;
        }
        for (HostedQueue queue : means.queues.all()) {
            Topic topic = topic(queue);
            if (topic.id().equals(id) && access.mayKnow(principal, queue.context())) {
                return topic;
            }
        }
        return null;
    }

    @Override
    public List<Topic> all(Principal principal) {
        TreeMap<String, Topic> all = new TreeMap<>();
        for (HostedQueue queue : means.queues.all()) {
            if (access.mayKnow(principal, queue.context())) {
                all.put(queue.name(), topic(queue));
            }
        }
        for (Stream stream : means.streams.mounts().all()) {
            if (access.mayKnow(principal, stream.mount())) {
                all.put(stream.topic(), topic(stream));
            }
        }
        return List.copyOf(all.values());
    }

    @Override
    public boolean mayAppend(Principal principal, String topic) {
        Stream stream = means.streams.mounts().ofTopic(topic);
        return stream != null && access.mayWrite(principal, stream.mount());
    }

    @Override
    public Topic create(Principal principal, NewTopic topic, boolean validateOnly) {
        means.requireOpen.run();
        String name = topic.name();
        if (!StreamResource.isTopicName(name)) {
            throw new MillraceException(
                    ErrorCode.RESOURCE_INVALID,
                    "topic",
                    "a topic's name has 1 to 249 of a-z, A-Z, 0-9, ., _ and -");
        }
        if (means.streams.mounts().ofTopic(name) != null || means.queues.find(name) != null) {
            throw new MillraceException(
                    ErrorCode.RESOURCE_CONFLICT, "Topic '%s' already exists.".formatted(name));
        }
        String resource = TopicNames.resource(name, taken -> means.streams.named(taken) != null);
        String below = means.settings.below().path();
        StreamResource plain =
                new StreamResource(
                        resource,
                        Context.of((below.equals("/") ? "" : below) + "/" + name),
                        topic.partitions() <= 0
                                ? means.settings.partitions()
                                : partitions(topic.partitions()),
                        means.settings.durability(),
                        Duration.ofMillis(Long.parseLong(TopicConfig.RETENTION_MS.byDefault())),
                        null,
                        Cleanup.DELETE,
                        resource.equals(name) ? null : name,
                        new TreeMap<>());
        StreamResource wanted = configured(plain, topic.configs());
        means.administration.put(principal, wanted, new Precondition(null, true), validateOnly);
        Stream created = means.streams.mounts().ofTopic(name);
        return created == null
                ? new Topic(name, new UUID(0, 0), Kind.STREAM, resource, wanted.partitions())
                : topic(created);
    }

    private static int partitions(int wanted) {
        if (wanted > StreamResource.PARTITIONS_MAX) {
            throw new MillraceException(
                    ErrorCode.RESOURCE_INVALID,
                    "partitions",
                    "a topic has at most %d partitions".formatted(StreamResource.PARTITIONS_MAX));
        }
        return wanted;
    }

    private StreamResource configured(
            StreamResource stream, Map<String, ? extends @Nullable String> changes) {
        ProblemCollector problems = new ProblemCollector(ErrorCode.RESOURCE_INVALID);
        StreamResource changed =
                TopicMapping.with(
                        stream, new TreeMap<>(changes), means.settings.durability(), problems);
        problems.throwIfAny();
        return changed;
    }

    @Override
    public void delete(Principal principal, String name) {
        means.requireOpen.run();
        means.administration.delete(
                principal, ResourceKind.STREAM, stream(name).name(), Precondition.NONE);
    }

    @Override
    public void addPartitions(
            Principal principal, String name, int partitions, boolean validateOnly) {
        StreamResource now = means.administration.stream(principal, stream(name).name());
        if (partitions <= now.partitions()) {
            throw new MillraceException(
                    ErrorCode.RESOURCE_INVALID,
                    "partitions",
                    "the topic %s has %d partitions; it can only get more"
                            .formatted(name, now.partitions()));
        }
        StreamResource wanted =
                new StreamResource(
                        now.name(),
                        now.mount(),
                        partitions(partitions),
                        now.durability(),
                        now.retentionTime(),
                        now.retentionSize(),
                        now.cleanup(),
                        now.topic(),
                        now.topicConfig());
        means.administration.put(
                principal, wanted, new Precondition(now.etag(), false), validateOnly);
    }

    @Override
    public Map<String, String> configs(Principal principal, String name) {
        Stream stream = means.streams.mounts().ofTopic(name);
        if (stream == null && means.queues.find(name) != null) {
            return TopicMapping.ofQueue();
        }
        return TopicMapping.all(means.administration.stream(principal, stream(name).name()));
    }

    @Override
    public Map<String, String> defaults() {
        return means.settings.configs();
    }

    @Override
    public void configure(
            Principal principal,
            String name,
            Map<String, @Nullable String> changes,
            boolean validateOnly) {
        StreamResource now = means.administration.stream(principal, stream(name).name());
        means.administration.put(
                principal,
                configured(now, changes),
                new Precondition(now.etag(), false),
                validateOnly);
    }

    /// The stream behind a topic.
    ///
    /// @throws MillraceException STREAM_NOT_FOUND; REQUEST_INVALID if it is a queue
    private Stream stream(String topic) {
        Stream stream = means.streams.mounts().ofTopic(topic);
        if (stream != null) {
            return stream;
        }
        if (means.queues.find(topic) != null) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "topic",
                    "%s is a queue: its jobs are drained by share groups (or over HTTP), and cannot be fetched"
                            .formatted(topic));
        }
        throw new MillraceException(
                ErrorCode.STREAM_NOT_FOUND, "there is no topic %s".formatted(topic));
    }

    private TopicPartition partition(String topic, int number) {
        return TopicPartition.of(stream(topic), number);
    }

    private TopicPartition readable(Principal principal, String topic, int number) {
        Stream stream = stream(topic);
        access.requireRead(principal, stream.mount());
        return TopicPartition.of(stream, number);
    }

    @Override
    public void append(
            Principal principal, String topic, int partition, ProducedBatch bytes, Reply reply) {
        try {
            means.requireOpen.run();
            Stream stream = means.streams.mounts().ofTopic(topic);
            HostedQueue queue = stream == null ? means.queues.find(topic) : null;
            if (queue != null) {
                intake.enqueue(principal, queue, partition, bytes, new Told(reply));
            } else {
                intake.append(principal, stream(topic), partition, bytes, new Told(reply));
            }
        } catch (MillraceException e) {
            reply.failed(e);
        }
    }

    private record Told(Reply reply) implements BatchIntake.Outcome {
        @Override
        public void lend(Runnable write) {
            reply.lend(write);
        }

        @Override
        public void stored(long baseOffset, long startOffset) {
            reply.stored(baseOffset, startOffset);
        }

        @Override
        public void failed(MillraceException problem) {
            reply.failed(problem);
        }
    }

    @Override
    public void mark(String topic, int partition, TransactionMarker marker, Reply reply) {
        try {
            means.requireOpen.run();
            TopicPartition place = partition(topic, partition);
            TransactionEnd end =
                    new TransactionEnd(
                            marker.producerId(),
                            marker.producerEpoch(),
                            marker.coordinatorEpoch(),
                            marker.isCommit());
            intake.mark(place, end, new Told(reply));
        } catch (MillraceException e) {
            reply.failed(e);
        }
    }

    @Override
    public Fetched fetch(
            Principal principal,
            String topic,
            int partition,
            long offset,
            int bytesMax,
            Isolation isolation) {
        TopicPartition.Piece piece =
                readable(principal, topic, partition).read(offset, bytesMax, isolation);
        return new Fetched(piece.region(), offsets(piece.extent()), piece.aborted());
    }

    private static Offsets offsets(TopicPartition.Extent extent) {
        return new Offsets(extent.start(), extent.stable(), extent.end());
    }

    @Override
    public Offsets offsets(Principal principal, String topic, int partition) {
        HostedQueue queue =
                means.streams.mounts().ofTopic(topic) == null ? means.queues.find(topic) : null;
        if (queue == null) {
            return offsets(readable(principal, topic, partition).extent());
        }
        means.guard.read(principal, ContextPattern.of(queue.context().path()));
        if (partition < 0 || partition >= JobRules.LANES) {
            throw TopicPartition.missing(topic, JobRules.LANES);
        }
        Log log = queue.log(partition);
        return log == null
                ? new Offsets(0, 0, 0)
                : new Offsets(log.startOffset(), log.readableOffset(), log.readableOffset());
    }

    @Override
    public boolean isRecent(String topic, int partition, long offset) {
        Stream stream = means.streams.mounts().ofTopic(topic);
        return stream != null
                && partition >= 0
                && partition < stream.partitions().size()
                && stream.partitions().get(partition).log().isRecent(offset);
    }

    @Override
    public TimedOffset offsetAt(
            Principal principal, String topic, int partition, long timestampMillis) {
        Log log = readable(principal, topic, partition).partition().log();
        return timed(log.at(timestampMillis, log.readableOffset()));
    }

    @Override
    public TimedOffset latest(Principal principal, String topic, int partition) {
        Log log = readable(principal, topic, partition).partition().log();
        return timed(log.latest(log.readableOffset()));
    }

    private static TimedOffset timed(io.millrace.log.TimedOffset found) {
        return new TimedOffset(found.offset(), found.timestampMillis());
    }

    @Override
    public Watch watch(String topic, int partition, Runnable action) {
        Partition watched = partition(topic, partition).partition();
        // An object of its own, so that one action can watch twice.
        Runnable own = () -> action.run();
        watched.watch(own);
        return () -> watched.unwatch(own);
    }

    @Override
    public long deleteRecords(Principal principal, String topic, int partition, long before) {
        Stream stream = stream(topic);
        means.guard.manage(principal, ResourceKind.STREAM.word(), stream.name());
        if (stream.name().equals(StreamSet.SYSTEM)) {
            throw new MillraceException(
                    ErrorCode.RESOURCE_PROTECTED,
                    "topic",
                    "the server itself needs the records of " + topic);
        }
        return TopicPartition.of(stream, partition).deleteBefore(before);
    }

    @Override
    public List<Producer> producers(Principal principal, String topic, int partition) {
        List<Producer> producers = new ArrayList<>();
        readable(principal, topic, partition)
                .producers(means.threading)
                .forEach(known ->
                        producers.add(
                                new Producer(
                                        known.id(),
                                        known.epoch(),
                                        known.lastSequence(),
                                        known.lastMillis(),
                                        known.coordinatorEpoch(),
                                        known.transactionStart())));
        producers.sort(Comparator.comparingLong(Producer::id));
        return producers;
    }

    @Override
    public void whenDeleted(Consumer<Topic> listener) {
        means.streams.whenDeleted(stream -> listener.accept(topic(stream)));
    }
}

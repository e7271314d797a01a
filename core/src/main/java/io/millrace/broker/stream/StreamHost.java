package io.millrace.broker.stream;

import io.millrace.broker.partition.ShardGroup;
import io.millrace.broker.topic.TopicNames;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.io.Disk;
import io.millrace.io.Threading;
import io.millrace.log.FileLogs;
import io.millrace.log.LogConfig;
import io.millrace.log.LogState;
import io.millrace.log.RecoveryReport;
import io.millrace.resource.Cleanup;
import io.millrace.resource.StreamResource;
import io.millrace.resource.TopicConfig;
import io.millrace.shard.Damage;
import io.millrace.shard.Partition;
import io.millrace.shard.ReadSignal;
import io.millrace.shard.Shard;
import io.millrace.shard.StreamId;
import io.millrace.stream.Stream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens, changes and closes streams: their folders, logs and partitions. Used by one thread at a
/// time.
public final class StreamHost {
    private static final Logger LOG = LoggerFactory.getLogger(StreamHost.class);
    private static final int SEGMENT_BYTES_MAX = 256 << 20;
    private static final int SEGMENT_BYTES_MIN = 1 << 20;

    private final Path root;
    private final Disk disk;
    private final FileLogs logs;
    private final ShardGroup shards;
    private final Threading threading;
    private final ProducerKeeper keeper;

    /// @param keeper of what is known of producers
    public StreamHost(
            Path root,
            Disk disk,
            FileLogs logs,
            ShardGroup shards,
            Threading threading,
            ProducerKeeper keeper) {
        this.root = root;
        this.disk = disk;
        this.logs = logs;
        this.shards = shards;
        this.threading = threading;
        this.keeper = keeper;
    }

    /// The folder of a stream. The incarnation keeps a deleted stream's files apart from those of a
    /// later one with its name.
    private Path folder(StreamId id) {
        return root.resolve(id.toString());
    }

    public Stream open(StreamResource resource, int incarnation) {
        return extend(resource, incarnation, List.of(), new ReadSignal());
    }

    /// Opens the partitions that a changed stream has and the open one lacks, and applies the new
    /// policies to the others.
    Stream change(Stream open, StreamResource resource, int incarnation) {
        LogConfig config = logConfig(resource);
        List<CompletableFuture<Boolean>> changes = new ArrayList<>();
        for (int i = 0; i < open.partitions().size(); i++) {
            Partition partition = open.partitions().get(i);
            Shard shard = open.shards().get(i);
            changes.add(
                    shard.call(() -> {
                        shard.configure(partition, config);
                        return true;
                    }));
        }
        changes.forEach(threading::await);
        return extend(
                resource, incarnation, open.partitions(), open.partitions().getFirst().signal());
    }

    private Stream extend(
            StreamResource resource, int incarnation, List<Partition> existing, ReadSignal signal) {
        LogConfig config = logConfig(resource);
        StreamId id = new StreamId(resource.name(), incarnation);
        List<Partition> partitions = new ArrayList<>(existing);
        List<Shard> assigned = new ArrayList<>();
        for (int i = 0; i < resource.partitions(); i++) {
            if (i >= existing.size()) {
                partitions.add(openPartition(id, i, resource.mount(), config, signal));
            }
            assigned.add(shards.of(incarnation, i));
        }
        settle(folder(id), resource.name());
        boolean compacted = resource.cleanup() == Cleanup.COMPACT;
        return new Stream(
                resource.name(),
                resource.mount(),
                compacted,
                partitions,
                assigned,
                resource.topicName(),
                TopicNames.id(id),
                (int) TopicConfig.MAX_MESSAGE_BYTES.number(resource.topicConfig()));
    }

    private Partition openPartition(
            StreamId id, int number, Context mount, LogConfig config, ReadSignal signal) {
        try {
            Path folder = folder(id).resolve(Integer.toString(number));
            FileLogs.Opened opened = logs.open(folder, config);
            Partition partition =
                    Partition.ofProducers(
                            id,
                            number,
                            opened.log(),
                            config.durability(),
                            signal,
                            mount,
                            keeper.recover(folder, opened.log()));
            report(partition, opened.report());
            return partition;
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.PARTITION_FAILED,
                    "partition %s/%d cannot be opened: %s".formatted(id.name(), number, e),
                    e);
        }
    }

    /// Makes the names of a stream's folders durable: whatever is flushed later lies in them.
    private void settle(Path folder, String name) {
        try {
            disk.syncFolder(folder);
            disk.syncFolder(root);
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.PARTITION_FAILED,
                    "the folder %s of the stream %s cannot be made durable: %s"
                            .formatted(folder, name, e),
                    e);
        }
    }

    private static void report(Partition partition, RecoveryReport report) {
        for (RecoveryReport.Cut cut : report.cuts()) {
            LOG.warn(
                    "{}: cut off {} bytes of {} at {}: {}",
                    partition,
                    cut.bytes(),
                    cut.file(),
                    cut.position(),
                    cut.reason());
        }
        for (RecoveryReport.Damage damage : report.damages()) {
            String detail =
                    "The records at the offsets %d to %d cannot be read: %s is damaged at position %d: %s"
                            .formatted(
                                    damage.fromOffset(),
                                    damage.toOffset() - 1,
                                    damage.file(),
                                    damage.position(),
                                    damage.reason());
            LOG.error("{}: {}", partition, detail);
            partition.damaged(new Damage(damage.fromOffset(), damage.toOffset(), detail));
        }
    }

    static LogConfig logConfig(StreamResource resource) {
        Map<String, String> configs = resource.topicConfig();
        Long bytes = resource.retentionSize() == null ? null : resource.retentionSize().bytes();
        int segmentBytes =
                bytes == null
                        ? SEGMENT_BYTES_MAX
                        : Math.clamp(bytes / 4, SEGMENT_BYTES_MIN, SEGMENT_BYTES_MAX);
        Duration age = resource.retentionTime();
        Duration segmentAge = Duration.ofDays(1);
        if (age != null) {
            // Whole segments go, so a segment must not span much of the time that events are kept.
            long seconds = Math.clamp(age.toSeconds() / 10, 60, Duration.ofDays(1).toSeconds());
            segmentAge = Duration.ofSeconds(seconds);
        }
        if (configs.containsKey(TopicConfig.SEGMENT_BYTES.key())) {
            segmentBytes = Math.min(segmentBytes, TopicConfig.segmentBytes(configs));
        }
        if (configs.containsKey(TopicConfig.SEGMENT_MS.key())) {
            segmentAge = Duration.ofMillis(TopicConfig.SEGMENT_MS.number(configs));
        }
        return new LogConfig(
                resource.durability(),
                segmentBytes,
                segmentAge,
                age,
                bytes,
                resource.cleanup() == Cleanup.COMPACT,
                Duration.ofMillis(TopicConfig.DELETE_RETENTION_MS.number(configs)));
    }

    /// Closes a stream's partitions: what waits is answered, nothing more is taken.
    public void close(Stream stream) {
        List<CompletableFuture<Boolean>> closings = new ArrayList<>();
        for (int i = 0; i < stream.partitions().size(); i++) {
            Partition partition = stream.partitions().get(i);
            Shard shard = stream.shards().get(i);
            closings.add(
                    shard.call(() -> {
                        boolean isSound = partition.log().state() instanceof LogState.Open;
                        shard.close(partition);
                        if (isSound) {
                            keeper.closed(folder(partition), partition);
                        }
                        return true;
                    }));
        }
        for (CompletableFuture<Boolean> closing : closings) {
            try {
                threading.await(closing);
            } catch (RuntimeException e) {
                LOG.warn("Stream {} did not close cleanly: {}", stream.name(), e.getMessage());
            }
        }
    }

    private Path folder(Partition partition) {
        return root.resolve(partition.streamId()).resolve(Integer.toString(partition.number()));
    }

    /// Forgets what nobody needs of producers, and keeps the rest for the next start. Waits.
    void keepProducers(Stream stream) {
        for (int i = 0; i < stream.partitions().size(); i++) {
            Partition partition = stream.partitions().get(i);
            keeper.keep(folder(partition), partition, stream.shards().get(i));
        }
    }

    /// Deletes a closed stream's files.
    public void delete(String name, int incarnation) {
        Path folder = folder(new StreamId(name, incarnation));
        try {
            deleteTree(folder);
            disk.syncFolder(root);
        } catch (IOException e) {
            LOG.warn(
                    "The files of the deleted stream {} stay in {}: {}",
                    name,
                    folder,
                    e.toString());
        }
    }

    private void deleteTree(Path path) throws IOException {
        for (String name : disk.list(path)) {
            deleteTree(path.resolve(name));
        }
        disk.delete(path);
    }

    /// The folders of all streams, those of deleted ones included whose files are still there.
    List<String> folders() throws IOException {
        return disk.list(root);
    }

    /// Deletes the files of streams that are gone, which a crash in the middle of a deletion leaves
    /// behind.
    ///
    /// @param deleted name and incarnation of streams whose deletion is recorded
    void deleteLeftovers(List<String> deleted) throws IOException {
        for (String name : disk.list(root)) {
            if (deleted.contains(name)) {
                LOG.info("Deleting what is left of the stream in {}", name);
                deleteTree(root.resolve(name));
            }
        }
    }
}

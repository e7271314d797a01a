package io.millrace.broker.stream;

import io.millrace.broker.partition.ShardGroup;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.io.Disk;
import io.millrace.io.Threading;
import io.millrace.log.FileLogs;
import io.millrace.log.LogConfig;
import io.millrace.log.RecoveryReport;
import io.millrace.resource.Cleanup;
import io.millrace.resource.StreamResource;
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

    public StreamHost(Path root, Disk disk, FileLogs logs, ShardGroup shards, Threading threading) {
        this.root = root;
        this.disk = disk;
        this.logs = logs;
        this.shards = shards;
        this.threading = threading;
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
                partitions.add(openPartition(id, i, folder(id), config, signal));
            }
            assigned.add(shards.of(incarnation, i));
        }
        settle(folder(id), resource.name());
        boolean compacted = resource.cleanup() == Cleanup.COMPACT;
        return new Stream(resource.name(), resource.mount(), compacted, partitions, assigned);
    }

    private Partition openPartition(
            StreamId id, int number, Path folder, LogConfig config, ReadSignal signal) {
        try {
            FileLogs.Opened opened = logs.open(folder.resolve(Integer.toString(number)), config);
            Partition partition =
                    new Partition(id, number, opened.log(), config.durability(), signal);
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
        return new LogConfig(
                resource.durability(),
                segmentBytes,
                segmentAge,
                age,
                bytes,
                resource.cleanup() == Cleanup.COMPACT,
                LogConfig.DEFAULT.tombstoneRetention());
    }

    /// Closes a stream's partitions: what waits is answered, nothing more is taken.
    public void close(Stream stream) {
        List<CompletableFuture<Boolean>> closings = new ArrayList<>();
        for (int i = 0; i < stream.partitions().size(); i++) {
            Partition partition = stream.partitions().get(i);
            Shard shard = stream.shards().get(i);
            closings.add(
                    shard.call(() -> {
                        shard.close(partition);
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

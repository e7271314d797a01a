package io.millrace.broker;

import io.millrace.broker.catalogue.Catalogue;
import io.millrace.broker.catalogue.FolderFormat;
import io.millrace.broker.catalogue.SecretFiles;
import io.millrace.broker.catalogue.SystemLog;
import io.millrace.broker.partition.LaneHost;
import io.millrace.broker.partition.ShardGroup;
import io.millrace.broker.queue.HostedQueue;
import io.millrace.broker.stream.ProducerKeeper;
import io.millrace.broker.stream.StreamHost;
import io.millrace.broker.stream.StreamSet;
import io.millrace.cursor.CursorId;
import io.millrace.cursor.JournalFiles;
import io.millrace.cursor.RecoveredCursors;
import io.millrace.group.CursorShards;
import io.millrace.group.Group;
import io.millrace.io.Clock;
import io.millrace.io.Threading;
import io.millrace.log.FileLogs;
import io.millrace.router.RouterPort;
import io.millrace.security.Guard;
import io.millrace.shard.Partition;
import io.millrace.shard.Shard;
import io.millrace.stream.ContextSnapshot;
import io.millrace.stream.ContextTable;
import io.millrace.stream.Stream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/// What lies below everything that is set up: the data folder opened, with its shards, streams,
/// cursors, letters and lanes. Thread-safe; the methods that answer wait for the shards.
///
/// @param recovered cursors that are waited for by what is set up
/// @param queueLanes of the jobs of queues
/// @param ownLanes of events that are sent to one subscription again
/// @param tables of gateways
record Foundation(
        ContextTable contexts,
        ShardGroup shards,
        StreamSet streams,
        Catalogue catalogue,
        CursorShards cursors,
        RecoveredCursors recovered,
        LetterRoom letters,
        LaneHost queueLanes,
        LaneHost ownLanes,
        DurableTables tables,
        Group.Means means) {
    private static final int KEPT_CONTEXTS_MAX = 20_000;

    /// Opens a data folder. The threads are closed again if that fails.
    ///
    /// @throws IOException if the disk refuses
    static Foundation open(Path data, BrokerConfig config, Guard guard, Broker.Ground ground)
            throws IOException {
        Threading threading = ground.threading();
        ContextTable contexts = new ContextTable(config.contextsMax(), KEPT_CONTEXTS_MAX);
        ShardGroup shards =
                new ShardGroup(
                        config.shards(), config.shard(), ground.clock(), contexts, threading);
        try {
            new FolderFormat(ground.disk()).check(data);
            Path root = data.resolve("streams");
            ground.disk().createFolders(root);
            ground.disk().syncFolder(data);
            FileLogs logs = new FileLogs(ground.disk(), ground.clock());
            StreamSet streams = streams(root, logs, shards, config, ground);
            Catalogue catalogue =
                    new Catalogue(
                            ground.clock(),
                            new SystemLog(streams.system(), threading),
                            new SecretFiles(ground.disk(), data));
            List<Shard> all = shards.ports().stream().map(RouterPort::shard).toList();
            JournalFiles journals =
                    new JournalFiles(
                            data.resolve("cursors"),
                            ground.disk(),
                            logs,
                            all.size(),
                            config.journalBytes());
            CursorShards cursors = new CursorShards(journals, all, ground.clock(), threading);
            return new Foundation(
                    contexts,
                    shards,
                    streams,
                    catalogue,
                    cursors,
                    cursors.recover(id -> shardOf(shards, id)),
                    new LetterRoom(data, ground, logs, all.getFirst(), guard),
                    new LaneHost(data.resolve("queues"), ground.disk(), logs, threading),
                    new LaneHost(data.resolve("resubmitted"), ground.disk(), logs, threading),
                    new DurableTables(data, ground.disk(), logs, all.getFirst(), threading),
                    new Group.Means(ground.clock(), threading));
        } catch (IOException | RuntimeException e) {
            threading.close();
            throw e;
        }
    }

    private static StreamSet streams(
            Path root,
            FileLogs logs,
            ShardGroup shards,
            BrokerConfig config,
            Broker.Ground ground) {
        ProducerKeeper producers =
                new ProducerKeeper(
                        ground.disk(),
                        ground.clock(),
                        ground.threading(),
                        config.topics().producerExpiry());
        return new StreamSet(
                new StreamHost(root, ground.disk(), logs, shards, ground.threading(), producers));
    }

    /// A queue's cursors are all on one shard, and have the queue's number twice.
    private static int shardOf(ShardGroup shards, CursorId id) {
        return shards.numberOf(id.stream(), id.group() == id.stream() ? 0 : id.partition());
    }

    /// What queues stand on.
    ///
    /// @param jobBytesMax size of one job as it is stored
    HostedQueue.Means ofQueues(Clock clock, int jobBytesMax) {
        return new HostedQueue.Means(
                queueLanes, shards, cursors, recovered, letters, clock, jobBytesMax, means);
    }

    /// Writes to the disk what waits longer than it should, and gives room on it back that streams
    /// have taken beyond their size.
    void flush() {
        onShards((shard, partition) -> {
            shard.flushIfDirty(partition);
            shard.cleanIfOversized(partition, shards.cleaner());
        });
        queueLanes.flushIfDirty();
        ownLanes.flushIfDirty();
    }

    /// Lets go of what nobody needs any more.
    void clean() {
        onShards((shard, partition) -> shard.clean(partition, shards.cleaner()));
        queueLanes.clean(shards.cleaner());
        ownLanes.clean(shards.cleaner());
        letters.clean(shards.cleaner());
        tables.clean(shards.cleaner());
    }

    /// Up to where each stream's events are in the contexts by now.
    Map<String, ContextSnapshot.Covered> covered() {
        Map<String, ContextSnapshot.Covered> covered = new HashMap<>();
        for (Stream stream : streams.mounts().all()) {
            int incarnation = streams.incarnation(stream.name());
            List<CompletableFuture<Long>> offsets = new ArrayList<>();
            for (int i = 0; i < stream.partitions().size(); i++) {
                Partition partition = stream.partitions().get(i);
                offsets.add(stream.shards().get(i).call(partition::dispatchedOffset));
            }
            long[] behind = offsets.stream().mapToLong(means.threading()::await).toArray();
            covered.put(stream.name(), new ContextSnapshot.Covered(incarnation, behind));
        }
        return covered;
    }

    private void onShards(BiConsumer<Shard, Partition> action) {
        for (Stream stream : streams.mounts().all()) {
            for (int i = 0; i < stream.partitions().size(); i++) {
                Partition partition = stream.partitions().get(i);
                Shard shard = stream.shards().get(i);
                shard.run(() -> action.accept(shard, partition));
            }
        }
    }
}

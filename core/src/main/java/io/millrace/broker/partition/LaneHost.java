package io.millrace.broker.partition;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.group.Connector;
import io.millrace.io.Disk;
import io.millrace.io.Threading;
import io.millrace.log.FileLogs;
import io.millrace.log.LogConfig;
import io.millrace.shard.Cleaner;
import io.millrace.shard.Damage;
import io.millrace.shard.Partition;
import io.millrace.shard.ReadSignal;
import io.millrace.shard.Shard;
import io.millrace.shard.StreamId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens and keeps the lanes of queues, or of subscriptions. Thread-safe.
public final class LaneHost {
    private static final Logger LOG = LoggerFactory.getLogger(LaneHost.class);

    private final Path root;
    private final Disk disk;
    private final FileLogs logs;
    private final Threading threading;
    private final Map<Partition, Lane> lanes = new ConcurrentHashMap<>();

    /// In the order in which they were opened, so that what is done to all is done in that order.
    private final List<Lane> inOrder = new CopyOnWriteArrayList<>();

    /// @param root folder of all lanes; made with the first
    public LaneHost(Path root, Disk disk, FileLogs logs, Threading threading) {
        this.root = root;
        this.disk = disk;
        this.logs = logs;
        this.threading = threading;
    }

    /// The numbers of the lanes that there are files of.
    public List<Integer> existing(StreamId id) {
        try {
            List<Integer> numbers = new ArrayList<>();
            for (String name : disk.list(root.resolve(id.toString()))) {
                if (name.matches("[0-9]{1,3}")) {
                    numbers.add(Integer.valueOf(name));
                }
            }
            return numbers;
        } catch (IOException e) {
            throw failed(id, e);
        }
    }

    private static MillraceException failed(StreamId id, IOException e) {
        return new MillraceException(
                ErrorCode.PARTITION_FAILED,
                "the lanes of %s cannot be opened: %s".formatted(id.name(), e),
                e);
    }

    /// Opens a lane, which is made if it is not there. Everything in it is kept until it has a
    /// cursor.
    public Lane open(StreamId id, int number, LogConfig config, Shard shard) {
        Lane lane = new Lane(shard);
        Path folder = root.resolve(id.toString());
        try {
            boolean isNew = !disk.exists(folder.resolve(Integer.toString(number)));
            FileLogs.Opened opened = logs.open(folder.resolve(Integer.toString(number)), config);
            opened.log().keepFrom(0);
            if (isNew) {
                disk.syncFolder(folder);
                disk.syncFolder(root);
                Path parent = root.getParent();
                disk.syncFolder(parent == null ? root : parent);
            }
            Partition partition =
                    new Partition(
                            id, number, opened.log(), config.durability(), new ReadSignal(), lane);
            opened.report()
                    .damages()
                    .forEach(damage -> {
                        LOG.error("{}: {} is damaged: {}", id, damage.file(), damage.reason());
                        partition.damaged(
                                new Damage(
                                        damage.fromOffset(), damage.toOffset(), damage.reason()));
                    });
            lane.partition(partition);
            lanes.put(partition, lane);
            inOrder.add(lane);
            return lane;
        } catch (IOException e) {
            throw failed(id, e);
        }
    }

    /// Has a cursor offered what comes into its lane.
    public Connector connector() {
        return cursor -> {
            Lane lane = lanes.get(cursor.partition());
            if (lane == null) {
                throw new IllegalStateException(cursor.partition() + " is closed");
            }
            return lane.connect(cursor);
        };
    }

    /// Takes a changed policy over.
    public void configure(Lane lane, LogConfig config) {
        threading.await(
                lane.shard()
                        .call(() -> {
                            lane.shard().configure(lane.partition(), config);
                            return true;
                        }));
    }

    public void flushIfDirty() {
        inOrder.forEach(
                lane -> lane.shard().run(() -> lane.shard().flushIfDirty(lane.partition())));
    }

    public void clean(Cleaner cleaner) {
        inOrder.forEach(lane ->
                lane.shard()
                        .run(() -> {
                            lane.release();
                            lane.shard().clean(lane.partition(), cleaner);
                        }));
    }

    /// Closes a lane; what waits is answered first.
    public void close(Lane lane) {
        lanes.remove(lane.partition());
        inOrder.remove(lane);
        try {
            threading.await(
                    lane.shard()
                            .call(() -> {
                                lane.shard().close(lane.partition());
                                return true;
                            }));
        } catch (RuntimeException e) {
            LOG.warn("{} did not close cleanly: {}", lane.partition(), e.getMessage());
        }
    }

    public void closeAll() {
        List.copyOf(inOrder).forEach(this::close);
    }

    /// Deletes the files of all lanes of one, which are closed.
    public void delete(StreamId id) {
        try {
            if (disk.exists(root)) {
                deleteTree(root.resolve(id.toString()));
                disk.syncFolder(root);
            }
        } catch (IOException e) {
            LOG.warn("The files of {} stay: {}", id, e.toString());
        }
    }

    private void deleteTree(Path path) throws IOException {
        for (String name : disk.list(path)) {
            deleteTree(path.resolve(name));
        }
        disk.delete(path);
    }

    /// Incarnations of which there are files.
    public List<Integer> incarnations() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String folder : disk.list(root)) {
            String number = folder.substring(folder.lastIndexOf('.') + 1);
            if (number.matches("[0-9]{1,9}")) {
                numbers.add(Integer.valueOf(number));
            }
        }
        return numbers;
    }
}

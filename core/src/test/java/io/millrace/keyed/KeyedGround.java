package io.millrace.keyed;

import io.millrace.log.Durability;
import io.millrace.log.FileLogs;
import io.millrace.log.LogConfig;
import io.millrace.shard.Cleaner;
import io.millrace.shard.Flusher;
import io.millrace.shard.Shard;
import io.millrace.shard.ShardConfig;
import io.millrace.simulator.SimulatedClock;
import io.millrace.simulator.SimulatedDisk;
import io.millrace.simulator.SimulatedThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// What keyed logs stand on in tests: one shard, one flusher and a cleaner over a simulated disk.
/// One life of the process; the disk and the clock outlive it.
public final class KeyedGround {
    public static final Path DATA = Path.of("/data");

    private final SimulatedDisk disk;
    private final SimulatedThreads threads;
    private final Shard shard;
    private final Cleaner cleaner = new Cleaner("cleaner");
    private final KeyedLogs logs;

    /// @param segmentBytes small, so that there is something to compact
    public KeyedGround(
            SimulatedDisk disk, SimulatedClock clock, RandomGenerator random, int segmentBytes) {
        this.disk = disk;
        threads = new SimulatedThreads(random, clock, () -> {});
        Flusher flusher = new Flusher("flusher");
        shard =
                new Shard(
                        "shard",
                        clock,
                        List.of(flusher),
                        _ -> {
                            throw new AssertionError("the shard's readers hear of it");
                        },
                        ShardConfig.DEFAULT);
        shard.wakeup(threads.run(shard));
        flusher.wakeup(threads.run(flusher));
        cleaner.wakeup(threads.run(cleaner));
        LogConfig config =
                new LogConfig(
                        Durability.SYNCED,
                        segmentBytes,
                        Duration.ofDays(1),
                        null,
                        null,
                        true,
                        Duration.ofDays(1));
        logs = new KeyedLogs(disk, new FileLogs(disk, clock), threads, config);
    }

    public SimulatedThreads threads() {
        return threads;
    }

    public KeyedLog open(String name) throws IOException {
        disk.createFolders(DATA);
        disk.syncFolder(Path.of("/"));
        return logs.open(DATA.resolve(name), shard);
    }

    public void clean(KeyedLog log) {
        log.clean(cleaner);
    }
}

package io.millrace.keyed;

import io.millrace.error.MillraceException;
import io.millrace.io.Disk;
import io.millrace.io.Threading;
import io.millrace.log.Durability;
import io.millrace.log.FileLogs;
import io.millrace.log.LogConfig;
import io.millrace.log.RecoveryReport;
import io.millrace.shard.Damage;
import io.millrace.shard.Partition;
import io.millrace.shard.ReadSignal;
import io.millrace.shard.Shard;
import io.millrace.shard.StreamId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens keyed logs. Thread-safe.
public final class KeyedLogs {
    private static final Logger LOG = LoggerFactory.getLogger(KeyedLogs.class);

    /// Small enough for what was deleted to go soon, which it does not from the last segment.
    private static final int SEGMENT_BYTES = 64 << 20;

    private static final LogConfig CONFIG =
            new LogConfig(
                    Durability.SYNCED,
                    SEGMENT_BYTES,
                    Duration.ofDays(1),
                    null,
                    null,
                    true,
                    Duration.ofDays(1));

    private final Disk disk;
    private final FileLogs logs;
    private final Threading threading;
    private final LogConfig config;

    public KeyedLogs(Disk disk, FileLogs logs, Threading threading) {
        this(disk, logs, threading, CONFIG);
    }

    /// @param config synced and compacted
    KeyedLogs(Disk disk, FileLogs logs, Threading threading, LogConfig config) {
        this.disk = disk;
        this.logs = logs;
        this.threading = threading;
        this.config = config;
    }

    /// Opens the keyed log in a folder, or makes a new one; nobody else may have it open. Reads all
    /// of it once, to learn where what is.
    ///
    /// @param folder in one that is durable itself; its own name becomes so here, and is how
    ///   messages call the log
    /// @param shard the one that is to write it
    /// @throws IOException if the disk refuses
    /// @throws MillraceException DISK_READ_FAILED; what is damaged is left out, and is among
    ///   [KeyedLog#damages]
    public KeyedLog open(Path folder, Shard shard) throws IOException {
        FileLogs.Opened opened = logs.open(folder, config);
        Path parent = folder.getParent();
        disk.syncFolder(parent == null ? folder : parent);
        // Nobody follows it.
        Partition partition =
                new Partition(
                        new StreamId(String.valueOf(folder.getFileName()), 0),
                        0,
                        opened.log(),
                        config.durability(),
                        new ReadSignal(),
                        _ -> {});
        for (RecoveryReport.Cut cut : opened.report().cuts()) {
            LOG.warn(
                    "{}: cut off {} bytes of {} at {}: {}",
                    folder,
                    cut.bytes(),
                    cut.file(),
                    cut.position(),
                    cut.reason());
        }
        KeyedLog keyed;
        try {
            keyed = new KeyedLog(partition, shard, threading);
        } catch (MillraceException e) {
            opened.log().close();
            throw e;
        }
        for (Damage damage : keyed.damages()) {
            LOG.error(
                    "{}: the records at the offsets {} to {} cannot be read: {}",
                    folder,
                    damage.fromOffset(),
                    damage.toOffset() - 1,
                    damage.detail());
        }
        return keyed;
    }
}

package io.millrace.broker.stream;

import io.millrace.error.MillraceException;
import io.millrace.io.Clock;
import io.millrace.io.Disk;
import io.millrace.io.Threading;
import io.millrace.log.Log;
import io.millrace.log.LogState;
import io.millrace.producer.ProducerSnapshot;
import io.millrace.producer.Producers;
import io.millrace.shard.Partition;
import io.millrace.shard.Shard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings what partitions know of producers over a restart: from snapshots beside their segments,
/// and from the headers of the batches behind. Thread-safe.
public final class ProducerKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(ProducerKeeper.class);

    /// Where no producer is, a snapshot only saves walking over headers.
    private static final long OFFSETS_MIN = 1_000_000;

    private final Disk disk;
    private final Clock clock;
    private final Threading threading;
    private final Duration expiry;
    private final Map<Partition, Kept> kept = new ConcurrentHashMap<>();

    /// What the newest snapshot has.
    private record Kept(long version, long offset) {}

    /// A snapshot on its way to the disk.
    private record Taken(ProducerSnapshot snapshot, Kept is) {}

    /// @param expiry after which a producer that does nothing is forgotten
    public ProducerKeeper(Disk disk, Clock clock, Threading threading, Duration expiry) {
        this.disk = disk;
        this.clock = clock;
        this.threading = threading;
        this.expiry = expiry;
    }

    /// What is known of the producers of a log that has just been opened.
    ///
    /// @throws MillraceException DISK_READ_FAILED
    Producers recover(Path folder, Log log) throws IOException {
        ProducerSnapshot.Restored restored = ProducerSnapshot.read(disk, folder, log.endOffset());
        Producers producers = restored == null ? new Producers() : restored.producers();
        long start = log.startOffset();
        long from = restored == null ? start : Math.max(restored.offset(), start);
        long now = clock.epochMillis();
        if (from < log.endOffset()) {
            log.forEachBatch(
                    from,
                    batch -> {
                        if (batch.baseOffset() >= from) {
                            producers.recover(batch, now);
                        }
                    });
        }
        producers.stored(Long.MAX_VALUE);
        return producers;
    }

    /// Forgets what is too old, and writes a snapshot if enough has changed. Waits.
    void keep(Path folder, Partition partition, Shard shard) {
        Taken taken = threading.await(shard.call(() -> take(partition)));
        if (taken == null) {
            return;
        }
        try {
            // What the snapshot knows must not be lost with the machine's power.
            partition.log().flush();
            taken.snapshot.write(disk, folder, true);
            kept.put(partition, taken.is);
        } catch (IOException | MillraceException e) {
            LOG.warn("What producers did in {} is not kept: {}", partition, e.getMessage());
        }
    }

    private @Nullable Taken take(Partition partition) {
        Log log = partition.log();
        if (!(log.state() instanceof LogState.Open)) {
            return null;
        }
        Producers producers = partition.producers();
        producers.forget(clock.epochMillis() - expiry.toMillis(), log.startOffset());
        Kept now = new Kept(producers.version(), log.endOffset());
        Kept last = kept.getOrDefault(partition, new Kept(0, 0));
        boolean isDue = now.version != last.version || now.offset - last.offset >= OFFSETS_MIN;
        return isDue ? new Taken(ProducerSnapshot.of(producers, now.offset), now) : null;
    }

    /// A partition was closed, and everything in it is on disk. The shard's thread.
    void closed(Path folder, Partition partition) {
        Kept last = kept.remove(partition);
        Producers producers = partition.producers();
        long end = partition.log().endOffset();
        if (end == 0 || new Kept(producers.version(), end).equals(last)) {
            return;
        }
        try {
            // Not flushed: a start that finds half of it walks over the log.
            ProducerSnapshot.of(producers, end).write(disk, folder, false);
        } catch (IOException e) {
            LOG.warn("What producers did in {} is not kept: {}", partition, e.getMessage());
        }
    }
}

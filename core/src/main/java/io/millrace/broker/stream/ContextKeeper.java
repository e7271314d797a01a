package io.millrace.broker.stream;

import io.millrace.error.MillraceException;
import io.millrace.event.Context;
import io.millrace.io.Agent;
import io.millrace.io.Disk;
import io.millrace.log.EventRecords;
import io.millrace.log.Log;
import io.millrace.log.LogSlice;
import io.millrace.log.Retain;
import io.millrace.shard.Partition;
import io.millrace.stream.ContextNode;
import io.millrace.stream.ContextSnapshot;
import io.millrace.stream.ContextTable;
import io.millrace.stream.Receipt;
import io.millrace.stream.Stream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the tree of contexts back after a start, beside everything else: from the snapshot, and
/// from the events that were recorded behind it. Later it writes snapshots.
///
/// Events that come meanwhile are in the table at once; what is found in the log never replaces
/// them. Loading is the agent's; writing is for one thread at a time.
public final class ContextKeeper implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(ContextKeeper.class);
    private static final int SLICE_BYTES = 256 << 10;

    private final Path folder;
    private final Disk disk;
    private final ContextTable contexts;
    private final StreamSet streams;
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private final List<Stream> opened;
    private boolean isSnapshotRead;
    private final CompletableFuture<Boolean> loaded = new CompletableFuture<>();
    private volatile boolean isStopped;
    private long writtenAt = -1;

    /// A part of a partition that is still to be read.
    private record Piece(Partition partition, long from, long end) {}

    /// @param folder where the snapshot is
    /// @param streams with the streams that were there at the start, and nothing published yet
    public ContextKeeper(Path folder, Disk disk, ContextTable contexts, StreamSet streams) {
        this.folder = folder;
        this.disk = disk;
        this.contexts = contexts;
        this.streams = streams;
        this.opened = List.copyOf(streams.mounts().all());
        for (Stream stream : opened) {
            for (Partition partition : stream.partitions()) {
                Log log = partition.log();
                pieces.add(new Piece(partition, log.startOffset(), log.endOffset()));
            }
        }
    }

    /// Whether contexts may still be missing.
    public boolean isLoading() {
        return !loaded.isDone();
    }

    /// Completes when no context is missing any more: with false if some will be, as this stops.
    public CompletableFuture<Boolean> loaded() {
        return loaded.copy();
    }

    /// Loads no more; what is missing is for the next start.
    public void stop() {
        isStopped = true;
        loaded.complete(false);
    }

    /// Whether no more is loaded, nor kept up to date.
    boolean isStopped() {
        return isStopped;
    }

    @Override
    public String name() {
        return "contexts";
    }

    @Override
    public boolean hasWork() {
        return isLoading() && !isStopped;
    }

    @Override
    public int doWork() {
        if (!hasWork()) {
            return 0;
        }
        Piece piece = pieces.peek();
        if (!isSnapshotRead) {
            isSnapshotRead = true;
            readSnapshot();
        } else if (piece == null) {
            loaded.complete(true);
        } else {
            pieces.remove();
            Piece rest = read(piece);
            if (rest.from < rest.end) {
                pieces.addFirst(rest);
            }
        }
        return 1;
    }

    private void readSnapshot() {
        ContextSnapshot snapshot;
        try {
            snapshot = ContextSnapshot.read(disk, folder);
        } catch (IOException e) {
            LOG.warn("The snapshot of the contexts cannot be read: {}", e.toString());
            return;
        }
        if (snapshot == null) {
            return;
        }
        Map<String, Stream> covered = new HashMap<>();
        for (Stream stream : opened) {
            ContextSnapshot.Covered known = snapshot.streams().get(stream.name());
            if (known != null && known.incarnation() == streams.incarnation(stream.name())) {
                covered.put(stream.name(), stream);
            }
        }
        for (ContextSnapshot.Entry entry : snapshot.entries()) {
            Context context = Context.recorded(entry.path());
            find(context, entry.cleared(), Retain.CLEAR, covered);
            find(context, entry.retained(), Retain.LATEST, covered);
            if (!entry.place().equals(entry.retained())) {
                find(context, entry.place(), Retain.PASS, covered);
            }
        }
        List<Piece> all = new ArrayList<>(pieces);
        pieces.clear();
        for (Piece piece : all) {
            pieces.add(behind(snapshot, covered, piece));
        }
    }

    private void find(
            Context context,
            ContextNode.@Nullable Place place,
            Retain retain,
            Map<String, Stream> covered) {
        Stream stream = place == null ? null : covered.get(place.receipt().stream());
        if (place != null && stream != null && isThere(place.receipt(), stream)) {
            contexts.found(context, place, retain);
        }
    }

    private static boolean isThere(Receipt receipt, Stream stream) {
        if (receipt.partition() >= stream.partitions().size()) {
            return false;
        }
        Log log = stream.partitions().get(receipt.partition()).log();
        return receipt.offset() >= log.startOffset() && receipt.offset() < log.endOffset();
    }

    private static Piece behind(
            ContextSnapshot snapshot, Map<String, Stream> covered, Piece piece) {
        Partition partition = piece.partition;
        ContextSnapshot.Covered known = snapshot.streams().get(partition.stream());
        if (known == null
                || !covered.containsKey(partition.stream())
                || partition.number() >= known.offsets().length) {
            return piece;
        }
        long from = Math.max(piece.from, known.offsets()[partition.number()]);
        return new Piece(partition, from, piece.end);
    }

    private Piece read(Piece piece) {
        Partition partition = piece.partition;
        Log log = partition.log();
        long from = Math.max(piece.from, log.startOffset());
        if (from >= piece.end) {
            return new Piece(partition, piece.end, piece.end);
        }
        try {
            LogSlice slice = log.read(from, SLICE_BYTES);
            slice.forEach(record -> {
                Receipt receipt =
                        new Receipt(partition.stream(), partition.number(), record.offset());
                contexts.found(
                        EventRecords.context(record, partition.origin()),
                        new ContextNode.Place(receipt, record.timestampMillis()),
                        EventRecords.retain(record));
            });
            // Nothing in a slice means that compaction has taken the rest.
            return new Piece(partition, Math.max(slice.nextOffset(), from + 1), piece.end);
        } catch (MillraceException e) {
            long intact = log.nextIntactOffset(from);
            LOG.warn(
                    "Contexts of {} from offset {} on may be missing: {}",
                    partition,
                    from,
                    e.getMessage());
            return new Piece(partition, intact > from ? intact : piece.end, piece.end);
        }
    }

    /// Writes a snapshot if there is something new, and if all is loaded.
    ///
    /// @param covered up to where events were in the table before this call, by stream
    public synchronized void write(Map<String, ContextSnapshot.Covered> covered) {
        long now = contexts.published();
        if (!loaded.getNow(false) || now == writtenAt) {
            return;
        }
        List<ContextSnapshot.Entry> entries = new ArrayList<>();
        contexts.forEachActive(entries::add);
        try {
            new ContextSnapshot(covered, entries).write(disk, folder);
            writtenAt = now;
        } catch (IOException e) {
            // The one before is still there, and the log has everything.
            LOG.warn("The snapshot of the contexts cannot be written: {}", e.toString());
        }
    }
}

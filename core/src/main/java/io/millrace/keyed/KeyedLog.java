package io.millrace.keyed;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.io.Threading;
import io.millrace.log.Log;
import io.millrace.log.LogRecord;
import io.millrace.log.LogSlice;
import io.millrace.log.LogState;
import io.millrace.log.RecordBody;
import io.millrace.shard.Append;
import io.millrace.shard.Cleaner;
import io.millrace.shard.Damage;
import io.millrace.shard.Partition;
import io.millrace.shard.Shard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A durable table: for each key the latest value, in a compacted log of one partition that is
/// mounted nowhere. Opened by [KeyedLogs].
///
/// In memory there is only where the latest record of each key is; values are read from the log. A
/// change is seen once it is on disk, which is when its future is done; one that failed may be
/// found there all the same after the next start, as with every log.
///
/// Thread-safe. Reading waits for the disk; writing never does. Futures complete on the shard's
/// thread, which must not be kept waiting.
public final class KeyedLog implements AutoCloseable {
    /// Size of a key in UTF-8, at most.
    public static final int KEY_BYTES_MAX = 32 << 10;

    private static final int READ_BYTES = 64 << 10;
    private static final int RECOVERY_READ_BYTES = 1 << 20;

    private final Partition partition;
    private final Log log;
    private final Shard shard;
    private final Threading threading;
    private final Object lock = new Object();

    /// Guarded by the lock.
    private final KeyIndex index = new KeyIndex();

    /// How many changes of a key are under way; guarded by the lock.
    private final Map<String, Integer> underWay = new HashMap<>();

    KeyedLog(Partition partition, Shard shard, Threading threading) {
        this.partition = partition;
        this.log = partition.log();
        this.shard = shard;
        this.threading = threading;
        recover();
    }

    private void recover() {
        long end = log.readableOffset();
        long next = log.startOffset();
        while (next < end) {
            LogSlice slice = intact(next, RECOVERY_READ_BYTES);
            if (slice == null) {
                next = log.nextIntactOffset(next);
            } else {
                slice.forEach(this::recovered);
                next = slice.nextOffset();
            }
        }
    }

    private void recovered(LogRecord record) {
        Bytes key = record.key();
        if (key == null) {
            return;
        }
        if (record.hasValue()) {
            index.put(key, record.offset());
        } else {
            index.remove(key);
        }
    }

    /// What is there, or `null` if it is damaged, which is noted.
    private @Nullable LogSlice intact(long offset, int bytesMax) {
        try {
            return log.read(offset, bytesMax);
        } catch (MillraceException e) {
            if (e.code() != ErrorCode.PARTITION_CORRUPT) {
                throw e;
            }
            partition.damaged(
                    new Damage(
                            offset,
                            log.nextIntactOffset(offset),
                            e.problems().getFirst().detail()));
            return null;
        }
    }

    /// How many keys have a value.
    public int size() {
        synchronized (lock) {
            return index.size();
        }
    }

    public boolean contains(String key) {
        return offsetOf(key) >= 0;
    }

    /// The offset of the key's latest record, which changes with its value; -1 if it has none.
    public long offsetOf(String key) {
        Bytes bytes = Bytes.utf8(key);
        synchronized (lock) {
            return index.find(bytes);
        }
    }

    /// Whether the record at that offset is the key's latest, and no change is under way.
    public boolean isUnchanged(String key, long offset) {
        Bytes bytes = Bytes.utf8(key);
        synchronized (lock) {
            return index.find(bytes) == offset && !underWay.containsKey(key);
        }
    }

    /// The offset behind everything that is known.
    public long end() {
        return log.readableOffset();
    }

    /// Keeps a value for a key.
    ///
    /// @return done once it is on disk
    public CompletableFuture<@Nullable Void> put(String key, Bytes value) {
        return write(List.of(KeyedChange.put(key, value, List.of())));
    }

    /// Forgets a key, whether it has a value or not.
    ///
    /// @return done once that is on disk
    public CompletableFuture<@Nullable Void> delete(String key) {
        return write(List.of(KeyedChange.delete(key, List.of())));
    }

    /// Makes several changes, all of them or none, in the order of the calls.
    ///
    /// @param changes at least one
    /// @return done once they are on disk; fails with OVERLOADED, REQUEST_INVALID if a key is too
    ///   long, DISK_FULL, DISK_READ_ONLY, PARTITION_FAILED or SHUTTING_DOWN
    public CompletableFuture<@Nullable Void> write(List<KeyedChange> changes) {
        List<RecordBody> bodies = new ArrayList<>(changes.size());
        for (KeyedChange change : changes) {
            if (Bytes.utf8(change.key()).length() > KEY_BYTES_MAX) {
                return CompletableFuture.failedFuture(
                        new MillraceException(
                                ErrorCode.REQUEST_INVALID,
                                "key",
                                "the key has more than %d bytes".formatted(KEY_BYTES_MAX)));
            }
            bodies.add(change.body());
        }
        Writing writing = new Writing(List.copyOf(changes));
        synchronized (lock) {
            if (!shard.offer(Append.ofRecords(partition, bodies, writing))) {
                return CompletableFuture.failedFuture(
                        new MillraceException(
                                ErrorCode.OVERLOADED, "too much waits to be written; try again"));
            }
            changes.forEach(change -> underWay.merge(change.key(), 1, Integer::sum));
        }
        return writing.done;
    }

    private final class Writing implements Append.Reply {
        final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        private final List<KeyedChange> changes;

        Writing(List<KeyedChange> changes) {
            this.changes = changes;
        }

        @Override
        public void stored(Append append, long baseOffset) {
            synchronized (lock) {
                ended();
                long offset = baseOffset;
                for (KeyedChange change : changes) {
                    Bytes key = Bytes.utf8(change.key());
                    if (change.isDeletion()) {
                        index.remove(key);
                    } else {
                        index.put(key, offset);
                    }
                    offset++;
                }
            }
            done.complete(null);
        }

        @Override
        public void failed(Append append, MillraceException problem) {
            synchronized (lock) {
                ended();
            }
            done.completeExceptionally(problem);
        }

        private void ended() {
            for (KeyedChange change : changes) {
                underWay.computeIfPresent(
                        change.key(), (_, count) -> count == 1 ? null : count - 1);
            }
        }
    }

    /// Reads a key's record.
    ///
    /// @param decoder takes what it needs from the record, which is valid during the call only
    /// @return `null` if the key has no value
    /// @throws MillraceException PARTITION_CORRUPT, DISK_READ_FAILED
    public <T> @Nullable T get(String key, Function<? super LogRecord, T> decoder) {
        while (true) {
            long offset = offsetOf(key);
            if (offset < 0) {
                return null;
            }
            try {
                T decoded = at(offset, decoder);
                if (decoded != null) {
                    return decoded;
                }
            } catch (MillraceException e) {
                if (offsetOf(key) == offset) {
                    throw e;
                }
            }
            // A later value has taken its place meanwhile, and the compaction the record.
            if (offsetOf(key) == offset) {
                throw new MillraceException(
                        ErrorCode.PARTITION_CORRUPT,
                        "the record of %s at offset %d is missing".formatted(partition, offset));
            }
        }
    }

    private <T> @Nullable T at(long offset, Function<? super LogRecord, T> decoder) {
        List<T> found = new ArrayList<>(1);
        log.read(offset, 1)
                .forEach(record -> {
                    if (record.offset() == offset) {
                        found.add(decoder.apply(record));
                    }
                });
        return found.isEmpty() ? null : found.getFirst();
    }

    /// A key's value; `null` if it has none.
    ///
    /// @throws MillraceException PARTITION_CORRUPT, DISK_READ_FAILED
    public @Nullable Bytes get(String key) {
        return get(
                key,
                record -> {
                    Bytes value = record.value();
                    return value == null ? Bytes.EMPTY : value;
                });
    }

    /// Visits the latest records in the order in which they were written.
    ///
    /// What changes meanwhile may be visited in its new place, or not at all. Damaged records are
    /// left out, and are among [#damages] then.
    ///
    /// @param from the offset to begin at
    /// @param readsMax how many pieces of the log are read at most
    /// @param each takes what it needs from the record, which is valid during the call only; says
    ///   whether to go on
    /// @return the offset to go on from; -1 if everything was visited
    /// @throws MillraceException DISK_READ_FAILED
    public long scan(long from, int readsMax, Predicate<? super LogRecord> each) {
        long next = from;
        for (int reads = 0; reads < readsMax; reads++) {
            next = next(next);
            if (next < 0) {
                return -1;
            }
            LogSlice slice = intactOrGone(next);
            if (slice == null) {
                next = Math.max(next + 1, log.nextIntactOffset(next));
            } else {
                Visit visit = new Visit(each, Math.max(next + 1, slice.nextOffset()));
                slice.forEach(visit::see);
                next = visit.next;
                if (visit.isOver) {
                    break;
                }
            }
        }
        return next(next);
    }

    private @Nullable LogSlice intactOrGone(long offset) {
        try {
            return intact(offset, READ_BYTES);
        } catch (MillraceException e) {
            if (isLatest(offset)) {
                throw e;
            }
            return null;
        }
    }

    private final class Visit {
        private final Predicate<? super LogRecord> each;
        long next;
        boolean isOver;

        Visit(Predicate<? super LogRecord> each, long next) {
            this.each = each;
            this.next = next;
        }

        void see(LogRecord record) {
            if (!isOver && isLatest(record.offset()) && !each.test(record)) {
                isOver = true;
                next = record.offset() + 1;
            }
        }
    }

    private long next(long from) {
        synchronized (lock) {
            return index.next(from);
        }
    }

    private boolean isLatest(long offset) {
        synchronized (lock) {
            return index.isLatest(offset);
        }
    }

    /// Begins to compact beside the shard, unless that is under way; to be called now and then.
    public void clean(Cleaner cleaner) {
        shard.run(() -> shard.clean(partition, cleaner));
    }

    /// Why nothing more is taken; `null` if it is.
    public @Nullable String failure() {
        return log.state() instanceof LogState.Failed(String reason) ? reason : null;
    }

    /// What cannot be read, as far as anyone has met it.
    public List<Damage> damages() {
        return partition.damages();
    }

    /// Bytes on disk.
    public long sizeBytes() {
        return log.sizeBytes();
    }

    /// Answers what waits and closes the log. Not on the shard's thread.
    @Override
    public void close() {
        threading.await(
                shard.call(() -> {
                    shard.close(partition);
                    return true;
                }));
    }

    @Override
    public String toString() {
        return partition.stream();
    }
}

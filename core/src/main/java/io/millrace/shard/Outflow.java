package io.millrace.shard;

import io.millrace.log.Log;
import io.millrace.log.LogRecord;
import io.millrace.log.LogSlice;
import io.millrace.log.ProducedBatch;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What of one partition goes to live readers, in order and once.
///
/// An append goes to them as it is stored, from memory. Where it may not be read yet, because a
/// transaction is open before it, nothing from there on goes out; when that is decided, the shard
/// reads the log back, a bounded piece at a time and between its other work, until it has caught up
/// with what is stored. Owned by the shard's thread.
final class Outflow {
    private static final Logger LOG = LoggerFactory.getLogger(Outflow.class);
    private static final int SLICE_BYTES = 256 << 10;

    private final Partition partition;
    private final Log log;
    private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet();

    /// All below was answered.
    private long stored;

    private long dispatched;
    private boolean isReadingBack;
    private boolean hasAdvanced;

    Outflow(Partition partition, Log log) {
        this.partition = partition;
        this.log = log;
        this.stored = log.endOffset();
        this.dispatched = Math.min(log.endOffset(), log.readableOffset());
    }

    /// Everything below was handed to live readers.
    long dispatched() {
        return dispatched;
    }

    /// Any thread.
    Set<Runnable> watchers() {
        return watchers;
    }

    /// An append is stored.
    void stored(Append append, Readers readers, Shard shard) {
        long end = append.baseOffset() + append.count();
        stored = end;
        hasAdvanced = true;
        boolean isNext = dispatched == append.baseOffset() && end <= log.readableOffset();
        if (isNext) {
            hand(append, end, readers);
        } else {
            readBack(readers, shard);
        }
    }

    /// Hands an append over from memory.
    private void hand(Append append, long end, Readers readers) {
        ProducedBatch batch = append.batch();
        boolean isDecoded = batch != null && readers.wants(partition, dispatched);
        long from = dispatched;
        dispatched = end;
        if (batch != null && isDecoded) {
            try {
                batch.records().forEach(record -> hand(record, end, readers));
            } catch (RuntimeException e) {
                missed(from, e, readers);
            }
        } else if (append.transactionEnd() == null) {
            partition.published(append.count(), append.recordedMillis());
            readers.readable(append);
        }
    }

    private long visible() {
        return Math.min(stored, log.readableOffset());
    }

    private void readBack(Readers readers, Shard shard) {
        if (!isReadingBack && dispatched < visible()) {
            isReadingBack = true;
            shard.run(() -> step(readers, shard));
        }
    }

    private void step(Readers readers, Shard shard) {
        isReadingBack = false;
        if (partition.closed) {
            return;
        }
        long to = visible();
        long from = Math.max(dispatched, log.startOffset());
        if (from < to) {
            try {
                LogSlice slice = log.read(from, SLICE_BYTES);
                long next = Math.min(to, Math.max(slice.nextOffset(), from + 1));
                dispatched = next;
                slice.forEach(record -> hand(record, next, readers));
            } catch (RuntimeException e) {
                dispatched = to;
                missed(from, e, readers);
            }
        } else {
            dispatched = Math.max(dispatched, to);
        }
        partition.signal().advanced();
        readBack(readers, shard);
    }

    /// Whoever wrote waits for an answer, whatever is wrong with reading.
    private void missed(long from, RuntimeException e, Readers readers) {
        LOG.warn("{} cannot be handed to live readers from offset {} on", partition, from, e);
        readers.missed(partition, from);
    }

    private void hand(LogRecord record, long to, Readers readers) {
        if (record.offset() < to) {
            partition.published(1, record.timestampMillis());
            readers.readable(partition, record);
        }
    }

    /// Tells those who wait for more, once for whatever has been stored since the last time.
    void tell() {
        if (hasAdvanced) {
            hasAdvanced = false;
            partition.signal().advanced();
            if (!watchers.isEmpty()) {
                watchers.forEach(Runnable::run);
            }
        }
    }
}

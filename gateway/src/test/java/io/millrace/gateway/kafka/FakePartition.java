package io.millrace.gateway.kafka;

import io.millrace.broker.Topics.Fetched;
import io.millrace.broker.Topics.Offsets;
import io.millrace.broker.Topics.Producer;
import io.millrace.broker.Topics.TimedOffset;
import io.millrace.broker.Topics.TransactionMarker;
import io.millrace.broker.Topics.Watch;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.AbortedTransaction;
import io.millrace.log.Isolation;
import io.millrace.log.LogRegion;
import io.millrace.log.ProducedBatch;
import io.millrace.log.batch.BatchFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One partition of [FakeTopics]. Thread-safe.
public final class FakePartition {
    private final List<byte[]> batches = new ArrayList<>();
    private final Map<Long, ProducerEntry> producers = new TreeMap<>();
    private final List<AbortedTransaction> aborted = new ArrayList<>();
    private final List<Runnable> watches = new CopyOnWriteArrayList<>();
    private final AtomicInteger openRegions = new AtomicInteger();
    private long start;
    private long end;

    record Stored(long base, long start) {}

    private record ProducerEntry(
            short epoch, int firstSequence, int lastSequence, long base, long transactionStart) {}

    Stored append(ProducedBatch batch) {
        Stored stored;
        synchronized (this) {
            if (!BatchFormat.crcMatches(batch.bytes(), batch.from())) {
                throw new MillraceException(ErrorCode.BATCH_CORRUPT, "its CRC is wrong");
            }
            ProducerEntry known = producers.get(batch.producerId());
            if (batch.producerId() >= 0 && known != null) {
                if (batch.producerEpoch() < known.epoch) {
                    throw new MillraceException(ErrorCode.PRODUCER_FENCED, "its epoch is over");
                }
                boolean same = batch.producerEpoch() == known.epoch;
                if (same && batch.baseSequence() == known.firstSequence) {
                    return new Stored(known.base, start);
                }
                if (batch.baseSequence() != (same ? known.lastSequence + 1 : 0)) {
                    throw new MillraceException(ErrorCode.SEQUENCE_INVALID, "records are missing");
                }
            }
            stored = new Stored(end, start);
            store(batch, known);
        }
        watches.forEach(Runnable::run);
        return stored;
    }

    private void store(ProducedBatch batch, @Nullable ProducerEntry known) {
        byte[] own = Arrays.copyOfRange(batch.bytes(), batch.from(), batch.from() + batch.size());
        ByteBuffer.wrap(own).putLong(0, end).putInt(BatchFormat.LEADER_EPOCH_AT, 0);
        if (batch.producerId() >= 0) {
            long open = known == null ? -1 : known.transactionStart;
            producers.put(
                    batch.producerId(),
                    new ProducerEntry(
                            batch.producerEpoch(),
                            batch.baseSequence(),
                            batch.baseSequence() + batch.count() - 1,
                            end,
                            batch.isTransactional() && open < 0 ? end : open));
        }
        batches.add(own);
        end += batch.count();
    }

    Stored mark(TransactionMarker marker) {
        Stored stored;
        synchronized (this) {
            ProducerEntry known = producers.get(marker.producerId());
            if (known != null && known.transactionStart >= 0) {
                if (!marker.isCommit()) {
                    aborted.add(
                            new AbortedTransaction(marker.producerId(), known.transactionStart));
                }
                producers.put(
                        marker.producerId(),
                        new ProducerEntry(
                                marker.producerEpoch(),
                                known.firstSequence,
                                known.lastSequence,
                                known.base,
                                -1));
            }
            stored = new Stored(end, start);
        }
        watches.forEach(Runnable::run);
        return stored;
    }

    synchronized Fetched fetch(long offset, int bytesMax, Isolation isolation) {
        if (offset < start || offset > end) {
            throw new MillraceException(
                    ErrorCode.OFFSET_OUT_OF_RANGE, offset + " is not in " + start + ".." + end);
        }
        long until = isolation == Isolation.READ_COMMITTED ? stable() : end;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] batch : batches) {
            boolean wanted =
                    BatchFormat.endOffset(batch, 0) > offset
                            && BatchFormat.baseOffset(batch, 0) < until;
            if (wanted && (out.size() == 0 || out.size() + batch.length <= bytesMax)) {
                out.writeBytes(batch);
            } else if (wanted) {
                break;
            }
        }
        openRegions.incrementAndGet();
        return new Fetched(
                new Region(out.toByteArray()),
                offsets(),
                isolation == Isolation.READ_COMMITTED ? List.copyOf(aborted) : List.of());
    }

    synchronized Offsets offsets() {
        return new Offsets(start, stable(), end);
    }

    private long stable() {
        return producers.values().stream()
                .mapToLong(ProducerEntry::transactionStart)
                .filter(open -> open >= 0)
                .min()
                .orElse(end);
    }

    synchronized TimedOffset offsetAt(long millis) {
        for (byte[] batch : batches) {
            if (BatchFormat.maxTimestamp(batch, 0) >= millis) {
                return new TimedOffset(
                        BatchFormat.baseOffset(batch, 0), BatchFormat.maxTimestamp(batch, 0));
            }
        }
        return new TimedOffset(-1, -1);
    }

    synchronized TimedOffset latest() {
        TimedOffset latest = new TimedOffset(-1, -1);
        for (byte[] batch : batches) {
            if (BatchFormat.maxTimestamp(batch, 0) > latest.timestampMillis()) {
                latest =
                        new TimedOffset(
                                BatchFormat.endOffset(batch, 0) - 1,
                                BatchFormat.maxTimestamp(batch, 0));
            }
        }
        return latest;
    }

    Watch watch(Runnable action) {
        // Equal actions may be watched twice: each closes its own.
        Runnable own = () -> action.run();
        watches.add(own);
        return () -> watches.remove(own);
    }

    synchronized long deleteRecords(long before) {
        long until = before < 0 ? end : before;
        if (until > end) {
            throw new MillraceException(ErrorCode.OFFSET_OUT_OF_RANGE, "the end is " + end);
        }
        start = Math.max(start, until);
        batches.removeIf(batch -> BatchFormat.endOffset(batch, 0) <= start);
        return start;
    }

    synchronized List<Producer> producers() {
        List<Producer> all = new ArrayList<>();
        producers.forEach((id, entry) ->
                all.add(
                        new Producer(
                                id,
                                entry.epoch,
                                entry.lastSequence,
                                0,
                                0,
                                entry.transactionStart)));
        return all;
    }

    /// The batches as they are stored.
    public synchronized List<byte[]> batches() {
        return List.copyOf(batches);
    }

    /// Those who watch now.
    public int watches() {
        return watches.size();
    }

    /// Regions that were fetched and are not closed.
    public int openRegions() {
        return openRegions.get();
    }

    private final class Region implements LogRegion {
        private final byte[] bytes;
        private boolean closed;

        Region(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public long endOffset() {
            return 0;
        }

        @Override
        public int size() {
            return bytes.length;
        }

        @Override
        public long transferTo(long position, WritableByteChannel target) throws IOException {
            int at = Math.toIntExact(position);
            return target.write(ByteBuffer.wrap(bytes, at, bytes.length - at));
        }

        @Override
        public void read(ByteBuffer target, int position) {
            target.put(bytes, position, Math.min(target.remaining(), bytes.length - position));
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                openRegions.decrementAndGet();
            }
        }
    }
}

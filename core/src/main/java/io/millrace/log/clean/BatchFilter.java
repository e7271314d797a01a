package io.millrace.log.clean;

import io.millrace.log.AbortedBatches;
import io.millrace.log.batch.BatchFormat;
import io.millrace.log.batch.Compression;
import io.millrace.log.batch.RecordView;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Decides what stays of a batch in a compaction. Owned by the thread that cleans.
///
/// A record stays if no later one has its key, and if it has a value or is younger than the grace
/// that tombstones have. Records of aborted transactions go. Markers stay: as long as one of a
/// transaction's batches may be there, its readers and its producer's state depend on them. Batches
/// keep their first and last offset, their times, and what they say about their producer.
///
/// Of a producer's latest batch the header stays through that grace even if nothing else does, so
/// that its sequence numbers can be learnt from the log.
final class BatchFilter {
    /// Beyond so many producers, headers stay that need not.
    private static final int PRODUCERS_MAX = 100_000;

    private final OffsetMap latest;
    private final long tombstonesBefore;
    private final AbortedBatches aborted;

    /// The base offset of each producer's latest batch in what is mapped.
    private final Map<Long, Long> producers = new HashMap<>();

    BatchFilter(OffsetMap latest, long tombstonesBefore, AbortedBatches aborted) {
        this.latest = latest;
        this.tombstonesBefore = tombstonesBefore;
        this.aborted = aborted;
    }

    /// Whether a batch has records that readers may ever see.
    boolean counts(byte[] bytes, int start) {
        boolean isAborted =
                BatchFormat.isTransactional(bytes, start)
                        && aborted.isAborted(
                                BatchFormat.producerId(bytes, start),
                                BatchFormat.baseOffset(bytes, start));
        return !isAborted && !BatchFormat.isControl(bytes, start);
    }

    /// Notes a batch of those that are mapped, in their order.
    void mapped(byte[] bytes, int start) {
        long producer = BatchFormat.producerId(bytes, start);
        boolean isKnown = producers.size() < PRODUCERS_MAX || producers.containsKey(producer);
        if (producer >= 0 && isKnown && !BatchFormat.isControl(bytes, start)) {
            producers.put(producer, BatchFormat.baseOffset(bytes, start));
        }
    }

    /// The batch with what stays of it; empty if nothing does.
    ///
    /// @param mappedTo the offset up to which the latest offset of each key is known
    byte[] kept(byte[] stored, int start, long mappedTo) {
        int count = BatchFormat.recordCount(stored, start);
        if (BatchFormat.isControl(stored, start)) {
            return copied(stored, start);
        }
        if (!counts(stored, start)) {
            return BatchFormat.baseOffset(stored, start) >= mappedTo
                    ? copied(stored, start)
                    : header(stored, start);
        }
        int codec = BatchFormat.compression(stored, start);
        boolean isCompressed = codec != Compression.NONE;
        byte[] source = isCompressed ? Compression.uncompressed(stored, start) : stored;
        int from = isCompressed ? 0 : start;
        byte[] target = new byte[BatchFormat.size(source, from)];
        System.arraycopy(source, from, target, 0, BatchFormat.HEADER_BYTES);
        int end = BatchFormat.HEADER_BYTES;
        RecordView view = new RecordView(source);
        int at = from + BatchFormat.HEADER_BYTES;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int next =
                    view.moveTo(
                            at,
                            BatchFormat.baseOffset(source, from),
                            BatchFormat.baseTimestamp(source, from));
            if (stays(source, view, mappedTo)) {
                System.arraycopy(source, at, target, end, next - at);
                end += next - at;
                kept++;
            }
            at = next;
        }
        if (kept == count && count > 0) {
            return copied(stored, start);
        }
        if (kept == 0) {
            return header(stored, start);
        }
        byte[] batch = Arrays.copyOf(target, end);
        if (isCompressed) {
            batch = Compression.compressed(batch, codec);
        }
        BatchFormat.holding(batch, kept);
        return batch;
    }

    private static byte[] copied(byte[] stored, int start) {
        return Arrays.copyOfRange(stored, start, start + BatchFormat.size(stored, start));
    }

    /// What stays of a batch without records: all that it says about its producer, or nothing.
    private byte[] header(byte[] stored, int start) {
        long producer = BatchFormat.producerId(stored, start);
        long base = BatchFormat.baseOffset(stored, start);
        boolean mayBeLatest = producer >= 0 && producers.getOrDefault(producer, base) <= base;
        if (!mayBeLatest || BatchFormat.maxTimestamp(stored, start) < tombstonesBefore) {
            return new byte[0];
        }
        byte[] header = Arrays.copyOfRange(stored, start, start + BatchFormat.HEADER_BYTES);
        BatchFormat.uncompressed(header);
        BatchFormat.holding(header, 0);
        return header;
    }

    private boolean stays(byte[] source, RecordView view, long mappedTo) {
        if (!view.hasKey() || view.offset() >= mappedTo) {
            return true;
        }
        boolean isLatest = latest.get(source, view.keyAt(), view.keyBytes()) <= view.offset();
        return isLatest && (view.hasValue() || view.timestampMillis() >= tombstonesBefore);
    }
}

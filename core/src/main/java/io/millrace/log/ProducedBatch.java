package io.millrace.log;

import io.millrace.log.batch.BatchFormat;
import io.millrace.log.batch.BatchSlice;

/// A record batch v2 as a producer made it. It is appended as it is: only its base offset and its
/// leader epoch, which its CRC does not cover, are written by the log.
///
/// Whoever makes one has checked it, see [BatchCheck]: its length, CRC and compression are sound,
/// and its records follow each other without a gap. Immutable but for those two fields, which
/// belong to the log once it was handed over.
///
/// @param bytes where it lies; nobody else writes there any more
/// @param from where in `bytes` it begins
public record ProducedBatch(byte[] bytes, int from) {
    /// The whole batch in bytes, header included.
    public int size() {
        return BatchFormat.size(bytes, from);
    }

    /// How many offsets it takes.
    public int count() {
        return BatchFormat.lastOffsetDelta(bytes, from) + 1;
    }

    /// The producer's identity; -1 if it is not idempotent.
    public long producerId() {
        return BatchFormat.producerId(bytes, from);
    }

    public short producerEpoch() {
        return BatchFormat.producerEpoch(bytes, from);
    }

    /// The sequence number of the first record; -1 if the producer is not idempotent.
    public int baseSequence() {
        return BatchFormat.baseSequence(bytes, from);
    }

    public boolean isTransactional() {
        return BatchFormat.isTransactional(bytes, from);
    }

    /// Its records, if it has been checked.
    public LogSlice records() {
        long base = BatchFormat.baseOffset(bytes, from);
        BatchSlice slice = new BatchSlice(bytes, from, from + size(), base, base + count());
        return BatchFormat.compression(bytes, from) == 0 ? slice : slice.uncompressed(1);
    }

    /// The latest time of its records, in milliseconds since 1970, as the producer gave it.
    public long maxTimestampMillis() {
        return BatchFormat.maxTimestamp(bytes, from);
    }
}

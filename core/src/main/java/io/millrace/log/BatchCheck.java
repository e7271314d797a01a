package io.millrace.log;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.batch.BatchFormat;
import io.millrace.log.batch.Compression;
import io.millrace.log.batch.RecordCheck;

/// Checks a record batch of a producer before anything believes it: one pass over its bytes for the
/// CRC and one over its records, which are decompressed a piece at a time if need be.
///
/// Stateless; any thread. The memory used is a few times the size of the batch at most.
public final class BatchCheck {
    private static final int LOG_APPEND_TIME_BIT = 0x08;
    private static final int DELETE_HORIZON_BIT = 0x40;

    /// So many bytes of records are checked in passing, within a few milliseconds.
    private static final long QUICK_BYTES_MAX = 2 << 20;

    private BatchCheck() {}

    /// What a batch has to comply with.
    ///
    /// @param bytesMax the largest batch, header included
    /// @param needsKeys whether each record needs a key, because the log is compacted
    /// @param latestMillis no record may be later
    public record Rules(int bytesMax, boolean needsKeys, long latestMillis) {}

    /// A header of a record, as the check comes by. A view that is reused.
    public interface RecordHeaderView {
        /// The largest value that is shown.
        int VALUE_BYTES_MAX = 16 << 10;

        /// Which record of the batch, from 0 on.
        int record();

        /// Whether the name is this one, in ASCII.
        boolean isNamed(byte[] name);

        /// Where the value lies in [#bytes].
        int valueAt();

        /// The value's length; -1 if it is null.
        int valueBytes();

        /// The bytes in which the value lies; not if it has more than [#VALUE_BYTES_MAX].
        byte[] bytes();
    }

    /// Receives the headers of all records, in their order; not those with names of more than 255
    /// bytes.
    @FunctionalInterface
    public interface HeaderVisitor {
        void header(RecordHeaderView header);
    }

    /// Whether checking a batch, and reading it, may take so long that a thread that serves others
    /// as well should leave it to another: whether it can have more than 2 MiB of records, which a
    /// few bytes can if they are compressed by somebody who means it.
    ///
    /// @param batch has not been looked at yet
    public static boolean mayTakeLong(ProducedBatch batch) {
        byte[] bytes = batch.bytes();
        int there = bytes.length - batch.from();
        if (there < BatchFormat.HEADER_BYTES) {
            return false;
        }
        long size = Math.min(there, Math.max(0, batch.size()));
        int growth = Compression.growthMax(BatchFormat.compression(bytes, batch.from()));
        return (size - BatchFormat.HEADER_BYTES) * growth > QUICK_BYTES_MAX;
    }

    /// Checks a batch that has not been looked at yet.
    ///
    /// @param batch its length is checked against the end of the array
    public static ProducedBatch check(ProducedBatch batch, Rules rules, HeaderVisitor headers) {
        return check(batch.bytes(), batch.from(), batch.bytes().length, rules, headers);
    }

    /// Checks the batch that begins at a position. Corrects its latest time if its producer got
    /// that wrong.
    ///
    /// @param to where it ends at the latest
    /// @throws MillraceException BATCH_TOO_LARGE; BATCH_CORRUPT if it is no batch v2, or does not
    ///   match its length or CRC; ENCODING_UNSUPPORTED for an unknown compression; RECORD_INVALID
    ///   if header or records are not sound, are more than 64 MiB uncompressed, or lack a key;
    ///   TIMESTAMP_INVALID
    public static ProducedBatch check(
            byte[] bytes, int from, int to, Rules rules, HeaderVisitor headers) {
        checkFrame(bytes, from, to, rules);
        checkHeader(bytes, from);
        RecordCheck records = new RecordCheck(bytes, from, rules, headers);
        records.run();
        if (BatchFormat.maxTimestamp(bytes, from) != records.maxTimestamp()) {
            BatchFormat.maxTimestamp(bytes, from, records.maxTimestamp());
        }
        return new ProducedBatch(bytes, from);
    }

    private static void checkFrame(byte[] bytes, int from, int to, Rules rules) {
        if (to - from < BatchFormat.MAGIC_AT + 1) {
            throw corrupt("has only %d bytes".formatted(to - from));
        }
        int magic = bytes[from + BatchFormat.MAGIC_AT];
        if (magic != BatchFormat.MAGIC) {
            throw corrupt(
                    "has format version %d; only version 2 is supported, which clients use since Kafka 0.11"
                            .formatted(magic));
        }
        long size =
                BatchFormat.intAt(bytes, from + BatchFormat.LENGTH_AT)
                        + (long) BatchFormat.LENGTH_OVERHEAD;
        if (size < BatchFormat.HEADER_BYTES) {
            throw corrupt("says that it has %d bytes, fewer than its header".formatted(size));
        }
        if (size > rules.bytesMax()) {
            throw new MillraceException(
                    ErrorCode.BATCH_TOO_LARGE,
                    "The batch has %d bytes; at most %d are allowed."
                            .formatted(size, rules.bytesMax()));
        }
        if (size > to - from) {
            throw corrupt("says that it has %d bytes, but %d have come".formatted(size, to - from));
        }
        if (!BatchFormat.crcMatches(bytes, from)) {
            throw corrupt("does not match its CRC");
        }
    }

    private static void checkHeader(byte[] bytes, int from) {
        int attributes = BatchFormat.attributes(bytes, from);
        int last = BatchFormat.lastOffsetDelta(bytes, from);
        int count = BatchFormat.recordCount(bytes, from);
        if (BatchFormat.isControl(bytes, from)) {
            throw invalid("is marked as a control batch, which only the server writes");
        }
        if (count <= 0 || last != count - 1) {
            throw invalid(
                    "has %d records and a last offset delta of %d; it needs at least one, and deltas from 0 on"
                            .formatted(count, last));
        }
        if ((attributes & LOG_APPEND_TIME_BIT) != 0) {
            throw new MillraceException(
                    ErrorCode.TIMESTAMP_INVALID,
                    "The batch says that the server gave its times; a producer has to give them itself.");
        }
        if ((attributes & DELETE_HORIZON_BIT) != 0) {
            throw invalid("has a delete horizon, which only the server sets");
        }
        boolean isIdempotent = BatchFormat.producerId(bytes, from) >= 0;
        if (isIdempotent
                && (BatchFormat.baseSequence(bytes, from) < 0
                        || BatchFormat.producerEpoch(bytes, from) < 0)) {
            throw invalid("has a producer's id without a sequence number or epoch");
        }
        if (!isIdempotent && BatchFormat.isTransactional(bytes, from)) {
            throw invalid("belongs to a transaction but has no producer's id");
        }
    }

    private static MillraceException corrupt(String what) {
        return new MillraceException(
                ErrorCode.BATCH_CORRUPT, "The record batch %s.".formatted(what));
    }

    private static MillraceException invalid(String what) {
        return new MillraceException(
                ErrorCode.RECORD_INVALID, "The record batch %s.".formatted(what));
    }
}

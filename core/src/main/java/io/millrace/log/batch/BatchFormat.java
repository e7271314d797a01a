package io.millrace.log.batch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// The header of Kafka's record batch v2: where its fields are and what they may hold.
///
/// ```
///  0 baseOffset int64        21 attributes int16        43 producerId int64
///  8 batchLength int32       23 lastOffsetDelta int32   51 producerEpoch int16
/// 12 leaderEpoch int32       27 baseTimestamp int64     53 baseSequence int32
/// 16 magic int8              35 maxTimestamp int64      57 recordCount int32
/// 17 crc uint32 (of all from 21 on)                     61 the records
/// ```
///
/// `baseSequence` belongs to idempotent producers. Where there is none (`producerId` is -1), Kafka
/// reads nothing from it, and the log keeps the [flush witness][#flushedBefore] of its own batches
/// there. In a batch of a producer it is in the upper byte of `attributes`, which Kafka does not
/// use; 0 there says that the batch is the log's own.
public final class BatchFormat {
    public static final int HEADER_BYTES = 61;

    /// What `batchLength` does not count.
    public static final int LENGTH_OVERHEAD = 12;

    /// No batch is larger, so that a damaged length cannot make a reader allocate without bound.
    public static final int BATCH_BYTES_MAX = 64 << 20;

    /// No record is smaller, uncompressed.
    public static final int RECORD_BYTES_MIN = 7;

    /// The records of a batch have no more bytes, uncompressed.
    public static final int RECORDS_BYTES_MAX = 64 << 20;

    /// So many offsets a byte of a file can hold at most: compressed batches without content.
    public static final long OFFSETS_PER_BYTE_MAX =
            RECORDS_BYTES_MAX / RECORD_BYTES_MIN / HEADER_BYTES + 1;

    public static final int LENGTH_AT = 8;
    public static final int LEADER_EPOCH_AT = 12;
    public static final int MAGIC_AT = 16;
    public static final int CRC_AT = 17;
    public static final int ATTRIBUTES_AT = 21;
    public static final int LAST_OFFSET_DELTA_AT = 23;
    public static final int BASE_TIMESTAMP_AT = 27;
    public static final int MAX_TIMESTAMP_AT = 35;
    public static final int PRODUCER_ID_AT = 43;
    public static final int PRODUCER_EPOCH_AT = 51;
    public static final int BASE_SEQUENCE_AT = 53;
    public static final int RECORD_COUNT_AT = 57;

    public static final byte MAGIC = 2;
    public static final int COMPRESSION_MASK = 0x07;
    public static final int TRANSACTIONAL_BIT = 0x10;
    public static final int CONTROL_BIT = 0x20;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private BatchFormat() {}

    public static long baseOffset(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    /// The offset after the batch's last.
    public static long endOffset(byte[] bytes, int at) {
        return baseOffset(bytes, at) + lastOffsetDelta(bytes, at) + 1;
    }

    /// The whole batch, header included.
    public static int size(byte[] bytes, int at) {
        return (int) INT.get(bytes, at + LENGTH_AT) + LENGTH_OVERHEAD;
    }

    public static int attributes(byte[] bytes, int at) {
        return (short) SHORT.get(bytes, at + ATTRIBUTES_AT);
    }

    public static int compression(byte[] bytes, int at) {
        return attributes(bytes, at) & COMPRESSION_MASK;
    }

    static void compressed(byte[] batch, int codec) {
        batch[ATTRIBUTES_AT + 1] |= (byte) codec;
    }

    public static boolean isControl(byte[] bytes, int at) {
        return (attributes(bytes, at) & CONTROL_BIT) != 0;
    }

    public static boolean isTransactional(byte[] bytes, int at) {
        return (attributes(bytes, at) & TRANSACTIONAL_BIT) != 0;
    }

    /// -1 if the producer is not idempotent.
    public static long producerId(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at + PRODUCER_ID_AT);
    }

    public static short producerEpoch(byte[] bytes, int at) {
        return (short) SHORT.get(bytes, at + PRODUCER_EPOCH_AT);
    }

    public static int baseSequence(byte[] bytes, int at) {
        return (int) INT.get(bytes, at + BASE_SEQUENCE_AT);
    }

    public static int lastOffsetDelta(byte[] bytes, int at) {
        return (int) INT.get(bytes, at + LAST_OFFSET_DELTA_AT);
    }

    public static long baseTimestamp(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at + BASE_TIMESTAMP_AT);
    }

    public static long maxTimestamp(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at + MAX_TIMESTAMP_AT);
    }

    public static int recordCount(byte[] bytes, int at) {
        return (int) INT.get(bytes, at + RECORD_COUNT_AT);
    }

    /// The offset up to which everything was on disk when the batch was written, or -1 if the batch
    /// does not tell.
    public static long flushedBefore(byte[] bytes, int at) {
        int code = bytes[at + ATTRIBUTES_AT] & 0xFF;
        if (code != 0) {
            long claimed = ProducedWitness.distance(code);
            return claimed < 0 ? -1 : baseOffset(bytes, at) - claimed;
        }
        long producer = (long) LONG.get(bytes, at + PRODUCER_ID_AT);
        int distance = (int) INT.get(bytes, at + BASE_SEQUENCE_AT);
        return producer != -1 || distance < 0 ? -1 : baseOffset(bytes, at) - distance;
    }

    /// The witness that makes [#flushedBefore] return `flushedOffset`.
    public static int flushWitness(long baseOffset, long flushedOffset) {
        long distance = baseOffset - flushedOffset;
        return distance < 0 || distance > Integer.MAX_VALUE ? -1 : (int) distance;
    }

    /// Whether a producer made the batch, so that its times and sequence numbers are the
    /// producer's.
    public static boolean isProduced(byte[] bytes, int at) {
        return bytes[at + ATTRIBUTES_AT] != 0;
    }

    /// Makes readers of records take the batch for a marker, in a copy of it: the CRC stays as it
    /// is.
    public static void markControl(byte[] bytes, int at) {
        bytes[at + ATTRIBUTES_AT + 1] |= CONTROL_BIT;
    }

    /// Makes the header at the beginning of an array tell of so many records, which fill it, and
    /// the CRC match it.
    public static void holding(byte[] batch, int records) {
        INT.set(batch, LENGTH_AT, batch.length - LENGTH_OVERHEAD);
        INT.set(batch, RECORD_COUNT_AT, records);
        seal(batch, 0);
    }

    /// Makes the header at the beginning of an array tell of uncompressed records that fill it.
    public static void uncompressed(byte[] batch) {
        INT.set(batch, LENGTH_AT, batch.length - LENGTH_OVERHEAD);
        batch[ATTRIBUTES_AT + 1] &= (byte) ~COMPRESSION_MASK;
    }

    public static int intAt(byte[] bytes, int at) {
        return (int) INT.get(bytes, at);
    }

    public static short shortAt(byte[] bytes, int at) {
        return (short) SHORT.get(bytes, at);
    }

    /// Gives a producer's batch its place in the log, and the witness with it.
    ///
    /// @param flushedOffset the offset up to which everything is on disk now
    public static void place(byte[] bytes, int at, long baseOffset, long flushedOffset) {
        LONG.set(bytes, at, baseOffset);
        INT.set(bytes, at + LEADER_EPOCH_AT, 0);
        int code = ProducedWitness.code(baseOffset - flushedOffset);
        int difference = (bytes[at + ATTRIBUTES_AT] ^ code) & 0xFF;
        int change = CrcPatch.change(difference, size(bytes, at) - ATTRIBUTES_AT - 1);
        bytes[at + ATTRIBUTES_AT] = (byte) code;
        INT.set(bytes, at + CRC_AT, (int) INT.get(bytes, at + CRC_AT) ^ change);
    }

    /// Corrects the latest time of a batch.
    public static void maxTimestamp(byte[] bytes, int at, long millis) {
        LONG.set(bytes, at + MAX_TIMESTAMP_AT, millis);
        seal(bytes, at);
    }

    /// Makes the CRC anew.
    public static void seal(byte[] bytes, int at) {
        INT.set(bytes, at + CRC_AT, crc(bytes, at));
    }

    private static int crc(byte[] bytes, int at) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at + ATTRIBUTES_AT, size(bytes, at) - ATTRIBUTES_AT);
        return (int) crc.getValue();
    }

    public static boolean crcMatches(byte[] bytes, int at) {
        return crc(bytes, at) == (int) INT.get(bytes, at + CRC_AT);
    }

    /// Whether a header can be one at all: what the CRC does not cover is only protected by this.
    /// All 61 bytes of it must be there.
    ///
    /// @param offsetMin the lowest offset that the batch can begin with
    public static boolean isPlausible(byte[] bytes, int at, long offsetMin) {
        int size = size(bytes, at);
        int last = lastOffsetDelta(bytes, at);
        int count = recordCount(bytes, at);
        return bytes[at + MAGIC_AT] == MAGIC
                && size >= HEADER_BYTES
                && size <= BATCH_BYTES_MAX
                && last >= 0
                && count >= 0
                && count - 1 <= last
                && baseOffset(bytes, at) >= offsetMin
                && baseOffset(bytes, at) <= Long.MAX_VALUE - Integer.MAX_VALUE;
    }
}

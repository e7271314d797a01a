package io.millrace.log.batch;

import io.millrace.log.RecordBody;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/// Writes record bodies as one uncompressed batch. Owned by the thread that appends.
public final class BatchWriter {
    private final CRC32C crc = new CRC32C();

    /// What identifies a batch and its place.
    ///
    /// @param baseOffset the first record's offset
    /// @param timestampMillis the time of every record in it
    /// @param flushedOffset the offset up to which everything is on disk now
    public record Place(long baseOffset, long timestampMillis, long flushedOffset) {}

    /// The bytes that [#write] will need; more than an int holds for absurd input.
    public static long size(List<RecordBody> bodies) {
        long size = BatchFormat.HEADER_BYTES;
        int count = bodies.size();
        for (int i = 0; i < count; i++) {
            int length = recordLength(bodies.get(i).bytes().length, i);
            size += Varint.size(length) + (long) length;
        }
        return size;
    }

    /// A record after its length field: attributes, timestamp delta 0, offset delta, body.
    private static int recordLength(int bodyBytes, int offsetDelta) {
        return 2 + Varint.size(offsetDelta) + bodyBytes;
    }

    /// Writes from the buffer's position on and leaves the position behind the batch.
    public void write(ByteBuffer target, List<RecordBody> bodies, Place place) {
        int start = target.position();
        int count = bodies.size();
        int at = start + BatchFormat.HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            byte[] body = bodies.get(i).bytes();
            at = putVarint(target, at, recordLength(body.length, i));
            // attributes and timestamp delta are both 0
            target.putShort(at, (short) 0);
            at = putVarint(target, at + 2, i);
            target.put(at, body);
            at += body.length;
        }
        int size = at - start;
        target.putLong(start, place.baseOffset());
        target.putInt(start + BatchFormat.LENGTH_AT, size - BatchFormat.LENGTH_OVERHEAD);
        target.putInt(start + BatchFormat.LEADER_EPOCH_AT, 0);
        target.put(start + BatchFormat.MAGIC_AT, BatchFormat.MAGIC);
        target.putShort(start + BatchFormat.ATTRIBUTES_AT, (short) 0);
        target.putInt(start + BatchFormat.LAST_OFFSET_DELTA_AT, count - 1);
        target.putLong(start + BatchFormat.BASE_TIMESTAMP_AT, place.timestampMillis());
        target.putLong(start + BatchFormat.MAX_TIMESTAMP_AT, place.timestampMillis());
        target.putLong(start + BatchFormat.PRODUCER_ID_AT, -1);
        target.putShort(start + BatchFormat.PRODUCER_EPOCH_AT, (short) -1);
        target.putInt(
                start + BatchFormat.BASE_SEQUENCE_AT,
                BatchFormat.flushWitness(place.baseOffset(), place.flushedOffset()));
        target.putInt(start + BatchFormat.RECORD_COUNT_AT, count);
        target.position(start + BatchFormat.ATTRIBUTES_AT);
        target.limit(at);
        crc.reset();
        crc.update(target);
        target.putInt(start + BatchFormat.CRC_AT, (int) crc.getValue());
    }

    private static int putVarint(ByteBuffer target, int at, int value) {
        int rest = (value << 1) ^ (value >> 31);
        int position = at;
        while ((rest & ~0x7F) != 0) {
            target.put(position++, (byte) (rest | 0x80));
            rest >>>= 7;
        }
        target.put(position++, (byte) rest);
        return position;
    }
}

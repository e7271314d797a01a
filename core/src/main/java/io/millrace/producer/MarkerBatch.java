package io.millrace.producer;

import io.millrace.log.ProducedBatch;
import io.millrace.log.batch.BatchFormat;
import java.nio.ByteBuffer;

/// The control batch that says in a log how a transaction ended, as Kafka's clients read it.
final class MarkerBatch {
    private static final short ABORT = 0;
    private static final short COMMIT = 1;

    /// Length, attributes, two deltas, key with its length, value with its length, no headers.
    private static final int RECORD_BYTES = 1 + 1 + 1 + 1 + 1 + 4 + 1 + 6 + 1;

    private MarkerBatch() {}

    static ProducedBatch of(TransactionEnd end, long nowMillis) {
        int size = BatchFormat.HEADER_BYTES + RECORD_BYTES;
        ByteBuffer batch = ByteBuffer.allocate(size);
        batch.putInt(BatchFormat.LENGTH_AT, size - BatchFormat.LENGTH_OVERHEAD);
        batch.put(BatchFormat.MAGIC_AT, BatchFormat.MAGIC);
        int attributes = BatchFormat.TRANSACTIONAL_BIT | BatchFormat.CONTROL_BIT;
        batch.putShort(BatchFormat.ATTRIBUTES_AT, (short) attributes);
        batch.putLong(BatchFormat.BASE_TIMESTAMP_AT, nowMillis);
        batch.putLong(BatchFormat.MAX_TIMESTAMP_AT, nowMillis);
        batch.putLong(BatchFormat.PRODUCER_ID_AT, end.producerId());
        batch.putShort(BatchFormat.PRODUCER_EPOCH_AT, end.producerEpoch());
        batch.putInt(BatchFormat.BASE_SEQUENCE_AT, -1);
        batch.putInt(BatchFormat.RECORD_COUNT_AT, 1);
        batch.position(BatchFormat.HEADER_BYTES);
        batch.put(zigzag(RECORD_BYTES - 1)).put((byte) 0).put((byte) 0).put((byte) 0);
        batch.put(zigzag(4)).putShort((short) 0).putShort(end.isCommit() ? COMMIT : ABORT);
        batch.put(zigzag(6)).putShort((short) 0).putInt(end.coordinatorEpoch());
        batch.put((byte) 0);
        BatchFormat.seal(batch.array(), 0);
        return new ProducedBatch(batch.array(), 0);
    }

    /// A small number as a varint.
    private static byte zigzag(int number) {
        return (byte) (number << 1);
    }
}

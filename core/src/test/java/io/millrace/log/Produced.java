package io.millrace.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/// Batches of producers for tests, made by Kafka's own code.
public final class Produced {
    private Produced() {}

    /// Who produces.
    ///
    /// @param id -1 if not idempotent
    public record By(long id, short epoch, int sequence, boolean isTransactional) {
        public static final By ANYONE = new By(-1, (short) -1, -1, false);

        public static By idempotent(long id, int sequence) {
            return new By(id, (short) 0, sequence, false);
        }

        public static By transaction(long id, int sequence) {
            return new By(id, (short) 0, sequence, true);
        }
    }

    public static SimpleRecord record(
            long timestamp, @Nullable String key, @Nullable String value) {
        return new SimpleRecord(timestamp, bytes(key), bytes(value));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] bytes(CompressionType type, By by, List<SimpleRecord> records) {
        MemoryRecordsBuilder builder =
                MemoryRecords.builder(
                        ByteBuffer.allocate(4096),
                        RecordBatch.MAGIC_VALUE_V2,
                        Compression.of(type).build(),
                        TimestampType.CREATE_TIME,
                        0,
                        RecordBatch.NO_TIMESTAMP,
                        by.id(),
                        by.epoch(),
                        by.sequence(),
                        by.isTransactional(),
                        RecordBatch.NO_PARTITION_LEADER_EPOCH);
        records.forEach(builder::append);
        return array(builder.build().buffer());
    }

    public static ProducedBatch batch(CompressionType type, By by, List<SimpleRecord> records) {
        return new ProducedBatch(bytes(type, by, records), 0);
    }

    /// An uncompressed batch of nobody in particular.
    public static ProducedBatch batch(SimpleRecord... records) {
        return batch(CompressionType.NONE, By.ANYONE, List.of(records));
    }

    public static ProducedBatch marker(long producer, boolean isCommit, long timestamp) {
        ControlRecordType type = isCommit ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
        MemoryRecords records =
                MemoryRecords.withEndTransactionMarker(
                        0, timestamp, 0, producer, (short) 0, new EndTransactionMarker(type, 7));
        return new ProducedBatch(array(records.buffer()), 0);
    }

    static byte[] array(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}

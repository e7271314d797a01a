package io.millrace.gateway.kafka.wire;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/// Where the records of a produce request lie in the request's own bytes; they are not copied.
///
/// @param bytes the whole request
/// @param from where the records begin
/// @param length of all of them
public record RequestRecords(byte[] bytes, int from, int length) {
    /// `null` if there are none.
    public static @Nullable RequestRecords of(PartitionProduceData partition) {
        if (!(partition.records() instanceof MemoryRecords records)) {
            return null;
        }
        ByteBuffer buffer = records.buffer();
        return new RequestRecords(
                buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
    }
}

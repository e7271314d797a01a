package io.millrace.gateway.kafka.wire;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.ByteBufferAccessor;

/// Reads a request, and counts what is read: each field can become an object many times as large as
/// its bytes, so that the number of fields is what bounds the memory that a request takes.
///
/// Kafka's own readers refuse counts that are larger than the bytes that are left or a million, and
/// lengths beyond the end.
final class CountingReader extends ByteBufferAccessor {
    private final int fieldsMax;
    private int fields;

    CountingReader(ByteBuffer buffer, int fieldsMax) {
        super(buffer);
        this.fieldsMax = fieldsMax;
    }

    /// Fields that have been read.
    int fields() {
        return fields;
    }

    private void count() {
        if (++fields > fieldsMax) {
            throw new IllegalArgumentException("it has more than " + fieldsMax + " fields");
        }
    }

    @Override
    public byte readByte() {
        count();
        return super.readByte();
    }

    @Override
    public short readShort() {
        count();
        return super.readShort();
    }

    @Override
    public int readInt() {
        count();
        return super.readInt();
    }

    @Override
    public long readLong() {
        count();
        return super.readLong();
    }

    @Override
    public int readUnsignedVarint() {
        count();
        return super.readUnsignedVarint();
    }
}

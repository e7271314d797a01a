package io.millrace.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// Batches that were collected in memory.
///
/// @param bytes whole batches
/// @param endOffset behind the last record
public record MemoryRegion(byte[] bytes, long endOffset) implements LogRegion {
    @Override
    public int size() {
        return bytes.length;
    }

    @Override
    public long transferTo(long position, WritableByteChannel target) throws IOException {
        int from = (int) Math.min(position, bytes.length);
        return target.write(ByteBuffer.wrap(bytes, from, bytes.length - from));
    }

    @Override
    public void read(ByteBuffer target, int position) {
        target.put(bytes, position, Math.min(target.remaining(), bytes.length - position));
    }

    @Override
    public void close() {
        // There is no file.
    }
}

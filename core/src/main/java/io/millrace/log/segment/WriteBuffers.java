package io.millrace.log.segment;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Direct buffers for appends, shared by all logs: as many exist as ever appended at once.
/// Thread-safe.
public final class WriteBuffers {
    /// Of each.
    public static final int BUFFER_BYTES = 1 << 20;

    private static final int KEPT_MAX = 64;

    private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kept = new AtomicInteger();

    /// An empty buffer with room for at least so many bytes.
    public ByteBuffer take(int bytes) {
        if (bytes > BUFFER_BYTES) {
            return ByteBuffer.allocateDirect(bytes);
        }
        ByteBuffer buffer = free.poll();
        if (buffer == null) {
            return ByteBuffer.allocateDirect(BUFFER_BYTES);
        }
        kept.decrementAndGet();
        return buffer.clear();
    }

    public void giveBack(ByteBuffer buffer) {
        if (buffer.capacity() == BUFFER_BYTES && kept.get() < KEPT_MAX) {
            kept.incrementAndGet();
            free.add(buffer);
        }
    }
}

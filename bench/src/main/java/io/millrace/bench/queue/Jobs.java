package io.millrace.bench.queue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/// What the jobs of all brokers are: 200 bytes of text.
final class Jobs {
    static final int BYTES = 200;
    static final String TEXT = "0123456789".repeat(BYTES / 10);
    static final byte[] PAYLOAD = TEXT.getBytes(StandardCharsets.US_ASCII);

    private static final AtomicLong IDS = new AtomicLong(1_000_000_000);

    private Jobs() {}

    /// An id that no other job has.
    static String nextId() {
        return Long.toString(IDS.incrementAndGet());
    }
}

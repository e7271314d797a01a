package io.millrace.log.segment;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Keeps the number of open files of sealed segments within a limit, over all logs: the one that
/// was opened first is closed first, and opened again when it is read. Thread-safe.
public final class OpenFiles {
    private final int filesMax;
    private final AtomicInteger count = new AtomicInteger();
    private final ConcurrentLinkedQueue<Segment> opened = new ConcurrentLinkedQueue<>();

    public OpenFiles(int filesMax) {
        this.filesMax = filesMax;
    }

    /// Notes that a sealed segment has an open file.
    public void opened(Segment segment) {
        opened.add(segment);
        if (count.incrementAndGet() > filesMax) {
            Segment oldest = opened.poll();
            if (oldest != null) {
                count.decrementAndGet();
                oldest.release();
            }
        }
    }

    /// Forgets a segment that is gone.
    public void forget(Segment segment) {
        if (opened.remove(segment)) {
            count.decrementAndGet();
        }
    }
}

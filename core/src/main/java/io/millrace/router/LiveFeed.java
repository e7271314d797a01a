package io.millrace.router;

import io.millrace.event.Bytes;
import io.millrace.shard.Partition;
import io.millrace.stream.StoredEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A bounded hand-over of live events from the shards to one reader.
///
/// Shards never wait here: when the reader is too far behind, the feed empties itself and is
/// overrun for good.
final class LiveFeed implements LiveReader {
    private static final int OVERHEAD_BYTES = 256;

    private final TailConfig config;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private ArrayDeque<Live> events = new ArrayDeque<>();
    private long bytes;
    private volatile boolean overrun;
    private volatile boolean closed;

    /// An event with the partition that it came from: another one has its name after the stream was
    /// deleted and created again.
    record Live(Partition partition, StoredEvent event) {}

    LiveFeed(TailConfig config) {
        this.config = config;
    }

    @Override
    public void offer(Partition partition, StoredEvent event) {
        if (overrun || closed) {
            return;
        }
        lock.lock();
        try {
            Bytes data = event.event().data();
            bytes += OVERHEAD_BYTES + (data == null ? 0 : data.length());
            if (events.size() >= config.eventsMax() || bytes > config.bytesMax()) {
                overrun = true;
                events = new ArrayDeque<>();
            } else {
                events.add(new Live(partition, event));
            }
            if (events.size() <= 1) {
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The reader has to begin again.
    @Override
    public void lose(Partition partition, long fromOffset) {
        lock.lock();
        try {
            overrun = true;
            events = new ArrayDeque<>();
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    boolean overrun() {
        return overrun;
    }

    /// Takes up to `eventsMax` events, waiting for the first; none after `timeMax`, or when overrun
    /// or closed.
    List<Live> take(int eventsMax, Duration timeMax) throws InterruptedException {
        long left = timeMax.toNanos();
        lock.lockInterruptibly();
        try {
            while (events.isEmpty() && !overrun && !closed && left > 0) {
                left = arrived.awaitNanos(left);
            }
            List<Live> taken = new ArrayList<>(Math.min(eventsMax, events.size()));
            while (taken.size() < eventsMax && !events.isEmpty()) {
                Live live = events.remove();
                Bytes data = live.event().event().data();
                bytes -= OVERHEAD_BYTES + (data == null ? 0 : data.length());
                taken.add(live);
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        closed = true;
        lock.lock();
        try {
            events = new ArrayDeque<>();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

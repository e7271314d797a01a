package io.millrace.shard;

import io.millrace.log.Durability;
import io.millrace.log.Log;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One partition of a stream: its log, what waits to be written to it, and who waits to read from
/// it.
///
/// The package-private parts belong to the shard's thread; the public ones are for everybody.
public final class Partition {
    private final String stream;
    private final int number;
    private final Log log;
    private volatile Durability durability;

    /// Taken from the inbox, not yet written.
    final List<Append> arriving = new ArrayList<>();

    /// Written, not yet flushed, in the order of their offsets.
    final ArrayDeque<Append> unflushed = new ArrayDeque<>();

    /// Whether the flusher has it.
    boolean flushing;

    /// Written to since the last flush.
    boolean dirty;

    boolean closed;

    private volatile long publishedCount;
    private volatile long lastRecordedMillis = -1;

    private final ReentrantLock waitLock = new ReentrantLock();
    private final Condition advanced = waitLock.newCondition();
    private volatile int waiting;

    public Partition(String stream, int number, Log log, Durability durability) {
        this.stream = stream;
        this.number = number;
        this.log = log;
        this.durability = durability;
    }

    public String stream() {
        return stream;
    }

    public int number() {
        return number;
    }

    /// The log, for reading; only the shard writes to it.
    public Log log() {
        return log;
    }

    public Durability durability() {
        return durability;
    }

    void durability(Durability changed) {
        durability = changed;
    }

    /// Events recorded since the server started.
    public long publishedCount() {
        return publishedCount;
    }

    /// When the newest event since the start of the server was recorded, or -1.
    public long lastRecordedMillis() {
        return lastRecordedMillis;
    }

    /// Waits until there is something to read at `offset`.
    ///
    /// @return whether there is
    public boolean await(long offset, Duration timeMax) throws InterruptedException {
        if (log.readableOffset() > offset) {
            return true;
        }
        long left = timeMax.toNanos();
        waitLock.lockInterruptibly();
        try {
            waiting++;
            while (log.readableOffset() <= offset && left > 0) {
                left = advanced.awaitNanos(left);
            }
        } finally {
            waiting--;
            waitLock.unlock();
        }
        return log.readableOffset() > offset;
    }

    /// Shard's thread: events have become readable.
    void readable(Append append) {
        publishedCount += append.entries().size();
        lastRecordedMillis = append.recordedMillis();
        if (waiting > 0) {
            waitLock.lock();
            try {
                advanced.signalAll();
            } finally {
                waitLock.unlock();
            }
        }
    }

    @Override
    public String toString() {
        return stream + "/" + number;
    }
}

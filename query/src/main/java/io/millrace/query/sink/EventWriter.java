package io.millrace.query.sink;

import io.millrace.broker.query.Feed;
import io.millrace.broker.query.QueryGround;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.log.LogRecord;
import io.millrace.log.LogSlice;
import io.millrace.log.ReadBuffer;
import io.millrace.query.door.Doors;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.jspecify.annotations.Nullable;

/// Publishes events of a query, each once.
///
/// Events are published at once, not with the next checkpoint, so that they come without delay.
/// What was published after the last checkpoint is read back after a restart, and left out when the
/// query makes it again. Used by one thread.
final class EventWriter {
    private static final int UNDER_WAY_MAX = 20_000;
    private static final int READ_BYTES = 256 << 10;
    private static final long CLOSE_SECONDS = 10;
    private static final long WAIT_FOR_ROOM_MILLIS = 5;
    private static final long WAIT_FOR_TRANSACTIONS_MILLIS = TimeUnit.MINUTES.toMillis(16);

    private final SinkPlan plan;
    private final QueryGround door;
    private final QueryGround.Publishing publisher;
    private final Published published = new Published();
    private final Semaphore room = new Semaphore(UNDER_WAY_MAX);
    private final AtomicReference<@Nullable MillraceException> failure = new AtomicReference<>();
    private final QueryGround.Stored reply =
            new QueryGround.Stored() {
                @Override
                public void stored() {
                    room.release();
                }

                @Override
                public void failed(MillraceException problem) {
                    failure.compareAndSet(null, problem);
                    room.release();
                }
            };
    private long sequence;

    /// Takes over from whoever has written for the same operator before.
    EventWriter(SinkPlan plan, WriterInitContext context) {
        this.plan = plan;
        this.door = Doors.of(plan.door());
        String operator = context.metricGroup().getAllVariables().get("<operator_id>");
        this.publisher = door.publisher().as(plan.query() + "." + operator);
    }

    /// Looks for what was published after a checkpoint.
    ///
    /// @param state of the checkpoint; `null` if there was none
    /// @param mark of a record of this query; `null` for every other
    void restore(@Nullable WrittenUpTo state, Function<LogRecord, @Nullable String> mark)
            throws IOException {
        Map<String, Long> from = state == null ? plan.writtenFrom() : state.offsets();
        sequence = state == null ? 0 : state.sequence();
        if (state != null) {
            published.addAll(state.published());
        }
        ReadBuffer buffer = ReadBuffer.reused(READ_BYTES);
        for (Feed feed : door.feeds().of(ContextPattern.of(plan.reached()), null)) {
            Long known = from.get(feed.id());
            readBack(feed, known == null ? feed.startOffset() : known, buffer, mark);
        }
    }

    private void readBack(
            Feed feed, long from, ReadBuffer buffer, Function<LogRecord, @Nullable String> mark)
            throws IOException {
        long end = feed.storedOffset();
        long offset = Math.max(from, feed.startOffset());
        long waited = 0;
        while (offset < end) {
            if (offset >= feed.readableOffset()) {
                // Somebody's transaction hides the rest for now.
                if (waited > WAIT_FOR_TRANSACTIONS_MILLIS) {
                    throw new IOException("a transaction in " + feed.id() + " does not end");
                }
                pause();
                waited += WAIT_FOR_ROOM_MILLIS;
                feed.refresh();
                continue;
            }
            try {
                LogSlice slice = feed.read(offset, buffer);
                slice.forEach(record -> {
                    String found = mark.apply(record);
                    if (found != null) {
                        published.add(found);
                        sequence++;
                    }
                });
                offset = Math.max(offset + 1, slice.nextOffset());
            } catch (MillraceException e) {
                if (e.code() != ErrorCode.PARTITION_CORRUPT) {
                    throw e;
                }
                offset = feed.nextIntactOffset(offset);
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(WAIT_FOR_ROOM_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the query is being stopped");
        }
    }

    /// The number of the next event, which no other of this query has.
    long nextSequence() {
        return sequence++;
    }

    /// Whether that event was published before a restart.
    boolean isPublished(String mark) {
        return published.remove(mark);
    }

    void publish(String context, Event event) throws IOException {
        fail();
        try {
            room.acquire();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the query is being stopped");
        }
        while (true) {
            try {
                publisher.publish(context, event, reply);
                return;
            } catch (MillraceException e) {
                if (e.code() != ErrorCode.OVERLOADED) {
                    room.release();
                    throw e;
                }
                pause();
            }
        }
    }

    private void fail() {
        MillraceException problem = failure.get();
        if (problem != null) {
            throw problem;
        }
    }

    /// Waits until everything is stored.
    void flush() throws IOException {
        try {
            room.acquire(UNDER_WAY_MAX);
            room.release(UNDER_WAY_MAX);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the query is being stopped");
        }
        fail();
    }

    /// Waits for what is under way, whoever interrupts: the next writer reads back what is stored,
    /// and would publish again what comes to be stored after that.
    void close() {
        boolean interrupted = Thread.interrupted();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
        while (true) {
            try {
                long left = end - System.nanoTime();
                if (room.tryAcquire(UNDER_WAY_MAX, left, TimeUnit.NANOSECONDS)) {
                    room.release(UNDER_WAY_MAX);
                }
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        publisher.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Up to where everything is known, when all of it is [flushed][#flush].
    WrittenUpTo state() {
        Map<String, Long> offsets = new HashMap<>();
        for (Feed feed : door.feeds().of(ContextPattern.of(plan.reached()), null)) {
            offsets.put(feed.id(), feed.storedOffset());
        }
        return new WrittenUpTo(offsets, sequence, published.rest());
    }
}

package io.millrace.query.remote;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.log.RecordBody;
import io.millrace.log.batch.BatchWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Sends records to the server in one name, in their order, a batch at a time: what comes while one
/// is under way goes with the next. Nothing is sent twice, since nobody knows what has become of a
/// batch without an answer. Thread-safe.
final class Outbox {
    private static final int RECORDS_MAX = 1_000;
    private static final int BATCH_BYTES_MAX = 1 << 20;
    private static final long WAITING_BYTES_MAX = 8 << 20;

    /// Length, attributes, time and offset of a record, and the batch's header, are less.
    private static final int FRAME_BYTES = 32;

    private static final int HEADER_BYTES = 128;

    private final ServerCalls calls;
    private final String path;
    private final int bytesMax;
    private final BatchWriter writer = new BatchWriter();
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final Queue<Item> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private int underWay;
    private @Nullable MillraceException failure;
    private boolean closed;

    /// @param done hears `null`, or what went wrong
    private record Item(RecordBody record, Consumer<@Nullable MillraceException> done) {}

    /// Takes a name over; waits until nobody else writes in it.
    ///
    /// @param what is sent, and further parameters
    Outbox(ServerCalls calls, String name, String what, String parameters) {
        this.calls = calls;
        String base = "/api/v1/query/writers/" + name;
        JsonNode taken;
        try {
            taken = calls.json(calls.post(base, new byte[0]));
        } catch (IOException e) {
            throw ServerCalls.unchecked(e);
        }
        this.bytesMax = taken.path("bytesMax").asInt(BATCH_BYTES_MAX);
        this.path =
                base
                        + "/"
                        + what
                        + "?token="
                        + ServerCalls.encoded(taken.path("token").asString())
                        + parameters;
        this.thread = Thread.ofVirtual().name("outbox").start(this::run);
    }

    /// @throws MillraceException OVERLOADED if too much waits already; what went wrong before
    void add(RecordBody record, Consumer<@Nullable MillraceException> done) {
        int bytes = record.bytes().length + FRAME_BYTES;
        if (bytes + HEADER_BYTES > bytesMax) {
            throw new MillraceException(
                    ErrorCode.EVENT_TOO_LARGE,
                    "a result has %d bytes; the server takes %d".formatted(bytes, bytesMax));
        }
        lock.lock();
        try {
            fail();
            if (waitingBytes >= WAITING_BYTES_MAX) {
                throw new MillraceException(ErrorCode.OVERLOADED, "the server is slow");
            }
            waiting.add(new Item(record, done));
            waitingBytes += bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void fail() {
        MillraceException problem = failure;
        if (problem != null) {
            // Another one each time: Flink ends its process if the same comes twice, since none may
            // suppress itself.
            throw new MillraceException(
                    problem.code(), problem.problems().getFirst().detail(), problem);
        }
    }

    /// Waits until the server has stored everything.
    ///
    /// @throws MillraceException what went wrong
    void flush() throws InterruptedException {
        lock.lock();
        try {
            while (failure == null && !closed && (underWay > 0 || !waiting.isEmpty())) {
                changed.await();
            }
            fail();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            List<Item> batch = next();
            while (!batch.isEmpty()) {
                MillraceException problem = send(batch);
                batch.forEach(item -> item.done.accept(problem));
                sent(problem);
                batch = next();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return empty at the end
    private List<Item> next() throws InterruptedException {
        List<Item> batch = new ArrayList<>();
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.await();
            }
            int limit = Math.min(bytesMax, BATCH_BYTES_MAX) - HEADER_BYTES;
            int bytes = 0;
            Item item = waiting.peek();
            while (item != null && batch.size() < RECORDS_MAX && !closed) {
                int more = item.record.bytes().length + FRAME_BYTES;
                if (!batch.isEmpty() && bytes + more > limit) {
                    break;
                }
                batch.add(waiting.remove());
                bytes += more;
                item = waiting.peek();
            }
            waitingBytes -= bytes;
            underWay = batch.size();
        } finally {
            lock.unlock();
        }
        return batch;
    }

    private @Nullable MillraceException send(List<Item> items) {
        List<RecordBody> bodies = items.stream().map(Item::record).toList();
        byte[] batch = new byte[Math.toIntExact(BatchWriter.size(bodies))];
        writer.write(ByteBuffer.wrap(batch), bodies, new BatchWriter.Place(0, 0, 0));
        try {
            var _ = calls.post(path, batch);
            return null;
        } catch (MillraceException e) {
            return e;
        } catch (IOException e) {
            return new MillraceException(ErrorCode.QUERY_FAILED, String.valueOf(e.getMessage()), e);
        }
    }

    private void sent(@Nullable MillraceException problem) {
        List<Item> dropped = new ArrayList<>();
        lock.lock();
        try {
            underWay = 0;
            if (problem != null) {
                failure = problem;
                dropped.addAll(waiting);
                waiting.clear();
                waitingBytes = 0;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        dropped.forEach(item -> item.done.accept(problem));
    }

    /// Sends no more; what is under way is stored or not.
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
    }
}

package io.millrace.gateway.http.query;

import io.millrace.broker.query.QueryColumn;
import io.millrace.broker.query.RowReader;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.format.ByteSink;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.ResponseStream;
import io.millrace.gateway.http.message.ProblemDocument;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The rows of a statement on their way to a client, one JSON document a line. Used by the thread
/// that runs the statement; a thread of its own sends an empty line now and then if nothing else is
/// sent, so that a client that is gone is noticed, and the answer begins in time.
final class RowStream implements RowReader, AutoCloseable {
    /// How long a client that is told why there is no more gets for reading so.
    private static final Duration LAST_LINE_MAX = Duration.ofSeconds(3);

    private static final Map<String, String> HEADERS =
            Map.of(
                    "content-type",
                    "application/x-ndjson",
                    "cache-control",
                    "no-store",
                    "x-accel-buffering",
                    "no");

    private final Call call;
    private final Duration heartbeat;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private @Nullable ResponseStream stream;
    private boolean written;
    private boolean closed;

    RowStream(Call call, Duration heartbeat) {
        this.call = call;
        this.heartbeat = heartbeat;
        Thread.ofVirtual().name("http-query-heartbeat").start(this::beat);
    }

    private void beat() {
        lock.lock();
        try {
            while (!closed) {
                written = false;
                long left = heartbeat.toNanos();
                while (left > 0 && !closed) {
                    left = closing.awaitNanos(left);
                }
                if (!closed && !written) {
                    write("\n");
                }
            }
        } catch (InterruptedException _) {
            // Nobody interrupts it but whoever ends the process.
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void progress(String text) {
        line(QueryDocuments.object().put("progress", text));
    }

    @Override
    public void columns(List<QueryColumn> columns) {
        ObjectNode line = QueryDocuments.object();
        QueryDocuments.columns(line.putArray("columns"), columns);
        line(line);
    }

    @Override
    public boolean row(String op, ObjectNode row) throws InterruptedException {
        ObjectNode line = QueryDocuments.object().put("op", op);
        line.set("row", row);
        line(line).awaitRoom(() -> false);
        return true;
    }

    @Override
    public void idle() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        ResponseStream open = opened();
        if (open != null) {
            open.awaitRoom(() -> false);
        }
    }

    /// All rows have been sent.
    void end() throws InterruptedException {
        line(QueryDocuments.object().put("end", true)).awaitRoom(() -> false);
    }

    /// Tells why there is no more.
    ///
    /// @throws MillraceException the problem, if nothing has been sent yet, or the client does not
    ///   read it
    void fail(MillraceException problem) throws InterruptedException {
        ResponseStream open = opened();
        if (open == null) {
            throw problem;
        }
        ByteSink line = new ByteSink(512);
        line.ascii("{\"error\":");
        ProblemDocument.write(line, problem);
        line.ascii("}\n");
        open.write(line);
        if (!open.flush(LAST_LINE_MAX)) {
            throw problem;
        }
    }

    private @Nullable ResponseStream opened() {
        lock.lock();
        try {
            return stream;
        } finally {
            lock.unlock();
        }
    }

    private ResponseStream line(ObjectNode document) {
        lock.lock();
        try {
            return write(document + "\n");
        } finally {
            lock.unlock();
        }
    }

    /// To be called with the lock.
    private ResponseStream write(String text) {
        ResponseStream open = stream;
        if (open == null) {
            open = call.stream(200, HEADERS);
            stream = open;
        }
        ByteSink piece = new ByteSink(text.length() + 16);
        piece.write(Bytes.utf8(text));
        open.write(piece);
        written = true;
        return open;
    }

    /// Nothing is written any more.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

package io.millrace.gateway.http.tail;

import io.millrace.error.MillraceException;
import io.millrace.event.format.ByteSink;
import io.millrace.gateway.http.call.ResponseStream;
import io.millrace.gateway.http.message.Envelope;
import io.millrace.gateway.http.message.ProblemDocument;
import io.millrace.router.Tail;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Server-sent events (HTML standard, section 9.2).
final class EventStreamSink implements TailSink {
    private static final int PIECE_BYTES = 32 << 10;

    private final ResponseStream stream;
    private final ByteSink piece = new ByteSink(4 << 10);
    private final Envelope envelope = new Envelope();

    EventStreamSink(ResponseStream stream) {
        this.stream = stream;
    }

    @Override
    public void event(Tail.Item item) {
        id(item.position());
        piece.ascii("data: ");
        envelope.write(piece, item.event(), null);
        piece.ascii("\n\n");
    }

    /// A comment, and an `id` without `data`: no event for the page, but a place to come back to.
    @Override
    public void heartbeat(@Nullable String position) {
        piece.ascii(":\n");
        id(position);
        piece.ascii("\n");
    }

    private void id(@Nullable String position) {
        if (position != null) {
            piece.ascii("id: ");
            piece.ascii(position);
            piece.ascii("\n");
        }
    }

    @Override
    public void problem(MillraceException problem) {
        // What was collected before is whole messages and goes out with it.
        piece.ascii("event: problem\ndata: ");
        ProblemDocument.write(piece, problem);
        piece.ascii("\n\n");
        sendPiece();
    }

    @Override
    public void send(BooleanSupplier hopeless) throws InterruptedException {
        sendPiece();
        stream.awaitRoom(hopeless);
    }

    private void sendPiece() {
        if (piece.length() > 0) {
            stream.write(piece);
            piece.clear();
        }
    }

    @Override
    public boolean isFull() {
        return piece.length() >= PIECE_BYTES;
    }

    @Override
    public boolean flush(Duration atMost) throws InterruptedException {
        return stream.flush(atMost);
    }
}

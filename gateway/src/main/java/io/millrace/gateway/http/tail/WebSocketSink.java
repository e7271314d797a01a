package io.millrace.gateway.http.tail;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.format.ByteSink;
import io.millrace.gateway.http.call.Pending;
import io.millrace.gateway.http.message.Envelope;
import io.millrace.gateway.http.message.ProblemDocument;
import io.millrace.router.Tail;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Envelopes as text messages of a WebSocket (RFC 6455).
final class WebSocketSink implements TailSink {
    private static final short GOING_AWAY = 1001;
    private static final short POLICY_VIOLATION = 1008;
    private static final short INTERNAL_ERROR = 1011;

    private final ServerWebSocket socket;
    private final Pending pending = new Pending();
    private final ByteSink message = new ByteSink(1 << 10);
    private final Envelope envelope = new Envelope();

    WebSocketSink(ServerWebSocket socket) {
        this.socket = socket;
    }

    @Override
    public void event(Tail.Item item) {
        message.clear();
        envelope.write(message, item.event(), item.position());
        write();
    }

    private void write() {
        String text = new String(message.toArray(), StandardCharsets.UTF_8);
        pending.add(message.length());
        int bytes = message.length();
        socket.writeTextMessage(text).onComplete(result -> pending.done(bytes, result.succeeded()));
    }

    /// A ping, which every client answers by itself.
    @Override
    public void heartbeat(@Nullable String position) {
        socket.writePing(Buffer.buffer()).onFailure(_ -> pending.gone());
    }

    @Override
    public void problem(MillraceException problem) {
        message.clear();
        message.ascii("{\"problem\":");
        ProblemDocument.write(message, problem);
        message.ascii("}");
        write();
        socket.close(closeCode(problem.code()), problem.code().slug());
    }

    private static short closeCode(ErrorCode code) {
        return switch (code.kind()) {
            case CALLER -> POLICY_VIOLATION;
            case STATE, RESOURCES -> code == ErrorCode.SHUTTING_DOWN ? GOING_AWAY : INTERNAL_ERROR;
            case INTERNAL -> INTERNAL_ERROR;
        };
    }

    @Override
    public void send(BooleanSupplier hopeless) throws InterruptedException {
        pending.awaitRoom(hopeless);
    }

    @Override
    public boolean isFull() {
        return pending.bytes() > Pending.BYTES_MAX;
    }

    @Override
    public boolean flush(Duration atMost) throws InterruptedException {
        return pending.flush(atMost);
    }
}

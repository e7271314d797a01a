package io.millrace.gateway.kafka.session;

import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.wire.EncodedAnswer;
import io.millrace.gateway.kafka.wire.Request;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/// One request and its answer. The answer may come from any thread; all else belongs to the
/// connection's event loop.
final class Exchange implements Answer {
    private final KafkaSession session;
    private final Request request;
    private final AtomicBoolean answered = new AtomicBoolean();
    private boolean done;
    private @Nullable EncodedAnswer encoded;

    Exchange(KafkaSession session, Request request) {
        this.session = session;
        this.request = request;
    }

    Request request() {
        return request;
    }

    boolean isDone() {
        return done;
    }

    /// What is to be sent; `null` if nothing is.
    @Nullable EncodedAnswer encoded() {
        return encoded;
    }

    /// @param encoded `null` if nothing is to be sent
    void finish(@Nullable EncodedAnswer encoded) {
        this.done = true;
        this.encoded = encoded;
    }

    @Override
    public void send(ApiMessage response) {
        once(() -> session.answered(this, response));
    }

    @Override
    public void none() {
        once(() -> session.answered(this, null));
    }

    @Override
    public void close(String reason) {
        once(() -> session.refuse(this, reason));
    }

    /// Answers with the API's error answer; nothing happens if it is answered already.
    void fail(Throwable problem) {
        if (answered.compareAndSet(false, true)) {
            session.onLoop(() -> session.failed(this, problem));
        }
    }

    /// Answers, and has the connection closed behind that.
    void sendLast(ApiMessage response) {
        once(() -> {
            session.answered(this, response);
            session.refuse(this, "it has not authenticated itself");
        });
    }

    void onLoop(Runnable action) {
        session.onLoop(action);
    }

    private void once(Runnable action) {
        if (!answered.compareAndSet(false, true)) {
            throw new IllegalStateException("a request is answered once");
        }
        session.onLoop(action);
    }

    @Override
    public boolean isGone() {
        return session.isGone();
    }
}

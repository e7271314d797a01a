package io.millrace.gateway.kafka.session;

import io.millrace.gateway.kafka.request.Answer;
import io.millrace.gateway.kafka.wire.EncodedAnswer;
import io.millrace.gateway.kafka.wire.Request;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request and its answer. The answer may come from any thread; all else belongs to the
/// connection's event loop.
final class Exchange implements Answer {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

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

    @Override
    public void fail(Throwable problem) {
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
        if (answered.compareAndSet(false, true)) {
            session.onLoop(action);
        } else {
            LOG.debug("A second answer to {} is dropped", request.api().name);
        }
    }

    @Override
    public void later(Runnable action) {
        session.later(action);
    }

    @Override
    public Future<?> later(Runnable action, long millis) {
        return session.later(action, millis);
    }

    @Override
    public boolean isGone() {
        return session.isGone();
    }
}

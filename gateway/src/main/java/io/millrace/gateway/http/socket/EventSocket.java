package io.millrace.gateway.http.socket;

import io.millrace.broker.Publication;
import io.millrace.broker.PublishReply;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.ContextPattern;
import io.millrace.event.Event;
import io.millrace.gateway.http.call.Pending;
import io.millrace.gateway.http.exchange.Exchange;
import io.millrace.gateway.http.exchange.HttpLoop;
import io.millrace.gateway.http.exchange.Reply;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One client that publishes and follows over a WebSocket: what its [SocketSession] wants is done
/// here. Owned by the connection's event loop but for what its followers call.
final class EventSocket implements SocketGuest, SocketActions, SocketFollower.Outlet {
    private static final short POLICY_VIOLATION = 1008;
    private static final short INTERNAL_ERROR = 1011;

    /// Heartbeats in which a client shows no sign of life before it is given up.
    private static final int SILENCES_MAX = 3;

    private final EventSocketService service;
    private final HttpLoop loop;
    private final SocketFormat format;
    private final SocketTerms terms;
    private final String source;
    private final ControlEvents control;
    private final CreditAccount credit;
    private final SocketSession session;
    private final Pending pending = new Pending();
    private final List<Thread> followers = new ArrayList<>();

    private @Nullable ServerWebSocket socket;
    private @Nullable SocketGuard guard;
    private long heartbeat = -1;
    private boolean alive;
    private int silences;
    private int publishing;

    EventSocket(
            EventSocketService service,
            HttpLoop loop,
            SocketFormat format,
            SocketTerms terms,
            String source) {
        this.service = service;
        this.loop = loop;
        this.format = format;
        this.terms = terms;
        this.source = source;
        this.control = new ControlEvents(source);
        Integer first = terms.credit();
        this.credit = first == null ? CreditAccount.unlimited() : CreditAccount.of(first);
        this.session =
                new SocketSession(format, terms, control, credit, service.messageBytesMax(), this);
    }

    @Override
    public Map<String, String> headers() {
        return Map.of("millrace-socket", source);
    }

    @Override
    public void opened(ServerWebSocket opened, SocketGuard guarded) {
        socket = opened;
        guard = guarded;
        opened.frameHandler(this::frame);
        opened.exceptionHandler(_ -> {});
        heartbeat =
                loop.context()
                        .owner()
                        .setPeriodic(service.heartbeat().toMillis(), _ -> beat(opened));
        for (SocketTerms.Subscription subscription : terms.subscriptions()) {
            SocketFollower follower =
                    new SocketFollower(
                            service.broker(),
                            subscription,
                            terms.positions(),
                            control,
                            credit,
                            this);
            followers.add(Thread.ofVirtual().name("http-socket").start(follower));
        }
    }

    private void frame(WebSocketFrame frame) {
        alive = true;
        WebSocketFrameType type = frame.type();
        if (type == WebSocketFrameType.TEXT
                || type == WebSocketFrameType.BINARY
                || type == WebSocketFrameType.CONTINUATION) {
            session.frame(type, Bytes.wrap(frame.binaryData().getBytes()), frame.isFinal());
        }
    }

    private void beat(ServerWebSocket open) {
        boolean quiet = !alive && publishing == 0;
        alive = false;
        silences = quiet ? silences + 1 : 0;
        if (silences >= SILENCES_MAX) {
            close(POLICY_VIOLATION, "no answer to pings");
        } else {
            open.writePing(Buffer.buffer()).onFailure(_ -> pending.gone());
        }
    }

    @Override
    public void publish(@Nullable String context, SocketSession.Submission submission) {
        Publishing reply = new Publishing(submission);
        publishing++;
        try {
            service.broker()
                    .publish(
                            Principal.LOCAL,
                            List.of(new Publication(context, submission.event())),
                            reply);
        } catch (MillraceException e) {
            refused(submission, e);
        } catch (RuntimeException e) {
            refused(submission, Exchange.internal(e));
        }
    }

    private void refused(SocketSession.Submission submission, MillraceException problem) {
        publishing--;
        session.failed(submission, problem);
    }

    /// A publish, on its way back from a shard.
    private final class Publishing extends Reply implements PublishReply {
        private final SocketSession.Submission submission;
        private final long begun = loop.nanoTime();

        // Set by a shard's thread before it hands over, and read after that.
        private @Nullable Receipt receipt;
        private @Nullable MillraceException problem;

        Publishing(SocketSession.Submission submission) {
            this.submission = submission;
        }

        @Override
        public void stored(List<Receipt> receipts) {
            receipt = receipts.getFirst();
            loop.replies().push(this);
        }

        @Override
        public void failed(MillraceException refusal) {
            problem = refusal;
            loop.replies().push(this);
        }

        @Override
        protected void deliver() {
            if (problem != null) {
                refused(submission, problem);
            } else if (receipt != null) {
                publishing--;
                loop.counters().published(1, loop.burstNanos() - begun);
                session.stored(submission, receipt);
            }
        }
    }

    @Override
    public void send(Event event, int bytes) {
        write(format.write(event))
                .onComplete(_ -> {
                    alive = true;
                    session.written(bytes);
                });
    }

    /// Each event is one frame: with several, those of different threads could get mixed.
    private Future<Void> write(Bytes message) {
        ServerWebSocket open = socket;
        if (open == null) {
            return Future.failedFuture("the socket is not open");
        }
        return open.writeFrame(
                format.frame() == WebSocketFrameType.TEXT
                        ? WebSocketFrame.textFrame(message.toUtf8(), true)
                        : WebSocketFrame.binaryFrame(Buffer.buffer(message.toArray()), true));
    }

    @Override
    public void send(Event event) {
        Bytes message = format.write(event);
        int bytes = message.length();
        pending.add(bytes);
        write(message).onComplete(result -> pending.done(bytes, result.succeeded()));
    }

    @Override
    public void awaitRoom(BooleanSupplier hopeless) throws InterruptedException {
        pending.awaitRoom(hopeless);
    }

    @Override
    public void ended(
            ContextPattern pattern, @Nullable String position, MillraceException problem) {
        send(control.ended(pattern, position, problem));
        loop.context().runOnContext(_ -> close(closeCode(problem.code()), problem.code().slug()));
    }

    private static short closeCode(ErrorCode code) {
        return switch (code.kind()) {
            case CALLER -> POLICY_VIOLATION;
            case STATE, RESOURCES ->
                    code == ErrorCode.SHUTTING_DOWN ? SocketClose.GOING_AWAY : INTERNAL_ERROR;
            case INTERNAL -> INTERNAL_ERROR;
        };
    }

    @Override
    public void reading(boolean wanted) {
        if (guard != null && socket != null) {
            guard.hold(!wanted);
            if (wanted) {
                socket.resume();
            } else {
                socket.pause();
            }
        }
    }

    @Override
    public void close(short code, String reason) {
        session.closed();
        // The client's goodbye is to be read.
        reading(true);
        if (socket != null && guard != null) {
            SocketClose.close(socket, code, reason);
            guard.ending();
        }
    }

    @Override
    public void closed() {
        session.closed();
        pending.gone();
        if (heartbeat >= 0) {
            loop.context().owner().cancelTimer(heartbeat);
        }
        followers.forEach(Thread::interrupt);
        service.left(terms);
    }

    @Override
    public void stopping() {
        if (socket != null) {
            close(SocketClose.GOING_AWAY, SocketClose.STOPS);
        }
    }
}

package io.millrace.gateway.http.exchange;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.http.message.AllowedMethods;
import io.millrace.gateway.http.message.BodyDecoder;
import io.millrace.gateway.http.message.Headers;
import io.millrace.gateway.http.message.HttpStatus;
import io.millrace.gateway.http.message.ProblemDocument;
import io.millrace.gateway.http.message.RequestHead;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A request and its answer. Receives the body, within its limits of size, memory and time, and
/// hands it whole to [#received]; a body that does not arrive whole is never seen by anyone.
///
/// Owned by the connection's event loop; other threads answer through the loop's [ReplyQueue].
public abstract class Exchange extends Reply implements Handler<Buffer> {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final int FIRST_CAPACITY = 16 << 10;
    private static final byte[] NOTHING = new byte[0];

    /// How long the rest of a refused body is read and thrown away, so that the client gets to read
    /// the answer before the connection is cut.
    private static final long LINGER_NANOS = 2_000_000_000L;

    private enum State {
        RECEIVING,
        WORKING,
        LINGERING,
        ENDED
    }

    /// Neighbours in the list of the [HttpPeer].
    @Nullable Exchange next;

    @Nullable Exchange previous;

    private final HttpPeer peer;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private State state = State.RECEIVING;
    private byte[] body = NOTHING;
    private int length;
    private long expected;
    private int bodyMax;
    private @Nullable String encoding;
    private boolean continueWanted;
    private boolean waiting;
    private boolean held;
    private long wanted;
    private long reserved;
    private long deadline = Long.MAX_VALUE;

    protected Exchange(HttpPeer peer, HttpServerRequest request) {
        this.peer = peer;
        this.request = request;
        this.response = request.response();
    }

    /// The whole body, decompressed. What it throws becomes the answer.
    protected abstract void received(Bytes content);

    /// The client has gone before it was answered.
    protected abstract void abandoned();

    /// The server stops, and who only waits should wait no longer.
    protected abstract void stopping();

    /// The name under which the exchange is counted.
    protected abstract Route route();

    protected final HttpPeer peer() {
        return peer;
    }

    protected final HttpServerRequest request() {
        return request;
    }

    protected final HttpServerResponse response() {
        return response;
    }

    /// Receives the body, however long that takes. An exchange begins with this, [#withoutBody],
    /// [#hold] or [#refuse].
    public final void receive(RequestHead head, int bodyMax) {
        peer.begin(this);
        this.bodyMax = bodyMax;
        this.encoding = head.encoding();
        this.expected = head.contentLength();
        boolean unknown = head.chunked() || (expected < 0 && !isHttp1());
        if (unknown) {
            expected = -1;
        } else if (expected <= 0) {
            whole(Bytes.EMPTY);
            return;
        }
        if (expected > bodyMax) {
            fail(tooLarge());
            return;
        }
        continueWanted = head.continueExpected();
        long input = expected < 0 ? bodyMax : expected;
        wanted = encoding == null ? input : input + bodyMax;
        if (peer.loop().budget().reserve(wanted)) {
            admitted();
        } else {
            waiting = true;
            request.pause();
            peer.loop().budget().await(this);
        }
    }

    final long wanted() {
        return wanted;
    }

    /// There is memory for the body.
    final void admitted() {
        reserved = wanted;
        deadline = peer.now() + peer.loop().limits().requestMax().toNanos();
        if (continueWanted) {
            response.writeContinue();
        }
        request.handler(this);
        if (expected < 0) {
            request.endHandler(_ -> bodyEnded());
        }
        if (expected < 0 || !isHttp1()) {
            request.exceptionHandler(this::broken);
        }
        if (waiting) {
            waiting = false;
            request.resume();
        }
    }

    @Override
    public final void handle(Buffer chunk) {
        if (state != State.RECEIVING) {
            return;
        }
        int size = chunk.length();
        if (length == 0 && size == expected) {
            whole(Bytes.wrap(chunk.getBytes()));
            return;
        }
        if (size > bodyMax - length) {
            fail(tooLarge());
            return;
        }
        if (length + size > body.length) {
            int most = expected < 0 ? bodyMax : (int) expected;
            int grown = Math.max(length + size, Math.max(FIRST_CAPACITY, 2 * body.length));
            body = Arrays.copyOf(body, Math.max(length + size, Math.min(most, grown)));
        }
        chunk.getBytes(body, length);
        length += size;
        if (length == expected) {
            bodyEnded();
        }
    }

    private void bodyEnded() {
        if (state == State.RECEIVING) {
            Bytes content = Bytes.wrap(body, 0, length);
            body = NOTHING;
            whole(content);
        }
    }

    private void whole(Bytes content) {
        state = State.WORKING;
        deadline = Long.MAX_VALUE;
        try {
            received(
                    encoding == null
                            ? content
                            : BodyDecoder.decode(content, encoding, bodyMax, tooLarge()));
        } catch (MillraceException e) {
            fail(e);
        } catch (RuntimeException e) {
            fail(internal(e));
        }
    }

    /// A problem to answer with for a fault of ours, which is logged.
    public static MillraceException internal(RuntimeException fault) {
        LOG.error("A request failed", fault);
        return new MillraceException(ErrorCode.INTERNAL, "the server's log has the details", fault);
    }

    private MillraceException tooLarge() {
        return new MillraceException(
                tooLargeCode(), "the body may have at most %d bytes".formatted(bodyMax));
    }

    /// What a body above the limit is called.
    protected ErrorCode tooLargeCode() {
        return ErrorCode.BODY_TOO_LARGE;
    }

    /// Answers with a problem.
    protected final void fail(MillraceException problem) {
        if (state == State.ENDED || state == State.LINGERING) {
            return;
        }
        int status = HttpStatus.of(problem.code());
        if (!response.headWritten() && !peer.isClosed()) {
            response.setStatusCode(status).putHeader(Headers.CONTENT_TYPE, Headers.PROBLEM);
            if (problem.code() == ErrorCode.METHOD_NOT_ALLOWED) {
                response.putHeader(Headers.ALLOW, AllowedMethods.of(problem));
            } else if (HttpStatus.retryable(problem.code())) {
                response.putHeader(Headers.RETRY_AFTER, Headers.ONE);
            }
            send(status, Buffer.buffer(ProblemDocument.of(problem)));
        } else {
            ended(status);
        }
    }

    /// Sends the body of the answer, whose status and headers are set.
    protected final void send(int status, Buffer content) {
        if (state == State.RECEIVING) {
            sendEarly(content);
            count(status);
            return;
        }
        end(content);
        ended(status);
    }

    private void end(Buffer content) {
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(content.length()));
        }
        response.end(content);
    }

    /// Answers before the body is there: the rest of it is thrown away for a while.
    private void sendEarly(Buffer content) {
        if (isHttp1()) {
            response.putHeader(HttpHeaders.CONNECTION, Headers.CLOSE);
        }
        giveUpWaiting();
        state = State.LINGERING;
        deadline = peer.now() + LINGER_NANOS;
        body = NOTHING;
        if (!request.isEnded()) {
            request.handler(this);
            request.endHandler(_ -> cutOff());
            request.resume();
        }
        end(content);
        releaseMemory();
        if (request.isEnded()) {
            cutOff();
        }
    }

    private void cutOff() {
        if (state == State.LINGERING) {
            state = State.ENDED;
            peer.end(this);
            if (isHttp1()) {
                peer.connection().close();
            } else if (!request.isEnded()) {
                response.reset(0);
            }
        }
    }

    /// Answers a request that is wrong from its head on.
    public final void refuse(RequestHead head, MillraceException problem) {
        peer.begin(this);
        if (head.contentLength() <= 0 && !head.chunked() && isHttp1()) {
            state = State.WORKING;
        }
        fail(problem);
    }

    /// Goes on without looking for a body.
    public final void withoutBody() {
        peer.begin(this);
        whole(Bytes.EMPTY);
    }

    /// Leaves the request where it is, to be upgraded to another protocol or answered.
    public final void hold() {
        peer.begin(this);
        held = true;
        request.pause();
        whole(Bytes.EMPTY);
    }

    /// The answer is on its way; `status` is counted.
    protected final void ended(int status) {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        if (held) {
            request.resume();
        }
        giveUpWaiting();
        releaseMemory();
        count(status);
        peer.end(this);
    }

    protected final boolean isEnded() {
        return state == State.ENDED;
    }

    private void count(int status) {
        peer.loop().counters().request(route(), status);
    }

    private void giveUpWaiting() {
        if (waiting) {
            waiting = false;
            peer.loop().budget().leave(this);
        }
    }

    private void releaseMemory() {
        if (reserved > 0) {
            long amount = reserved;
            reserved = 0;
            peer.loop().budget().release(amount);
        }
    }

    private void broken(Throwable cause) {
        if (state == State.RECEIVING && !(cause instanceof StreamResetException)) {
            fail(
                    new MillraceException(
                            ErrorCode.REQUEST_INVALID, "the body is malformed or was broken off"));
        } else {
            disconnected();
        }
    }

    /// The connection is closed, or the HTTP/2 stream reset.
    protected final void disconnected() {
        if (state == State.LINGERING) {
            state = State.ENDED;
            peer.end(this);
        } else if (state == State.RECEIVING) {
            ended(499);
        } else if (state == State.WORKING) {
            abandoned();
        }
    }

    final void tick(long now) {
        if (now - deadline <= 0 || deadline == Long.MAX_VALUE) {
            return;
        }
        if (state == State.LINGERING) {
            cutOff();
        } else if (state == State.RECEIVING) {
            fail(
                    new MillraceException(
                            ErrorCode.REQUEST_TIMEOUT,
                            "the body did not arrive within %d s"
                                    .formatted(peer.loop().limits().requestMax().toSeconds())));
        }
    }

    protected final boolean isHttp1() {
        return request.version() != HttpVersion.HTTP_2;
    }
}

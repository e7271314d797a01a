package io.millrace.gateway.http.call;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.http.exchange.Exchange;
import io.millrace.gateway.http.exchange.HttpPeer;
import io.millrace.gateway.http.exchange.Route;
import io.millrace.gateway.http.message.EventMessage;
import io.millrace.gateway.http.message.Headers;
import io.millrace.gateway.http.message.Query;
import io.millrace.gateway.http.message.RequestHead;
import io.millrace.gateway.http.message.RequestTarget;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// A request that an [Endpoint] answers on a virtual thread.
///
/// The event loop owns everything but what the endpoint asks for; the answer goes back to the loop.
/// If the client goes away meanwhile, the thread is interrupted.
public final class Call extends Exchange implements Runnable {
    private final Match match;
    private final RequestTarget target;
    private final @Nullable String contentType;
    private final @Nullable EventMessage message;
    private Bytes content = Bytes.EMPTY;
    private @Nullable ServerWebSocket webSocket;
    private volatile boolean gone;
    private @Nullable Thread worker;

    // Set by the virtual thread before it hands over, and read after that.
    private @Nullable Answer answer;
    private @Nullable MillraceException problem;
    private @Nullable Runnable undelivered;
    private @Nullable ResponseStream stream;

    /// @throws MillraceException if its headers are wrong
    public Call(
            HttpPeer peer,
            HttpServerRequest request,
            Match match,
            RequestTarget target,
            RequestHead head) {
        super(peer, request);
        this.match = match;
        this.target = target;
        this.contentType = head.contentType();
        this.message = match.carriesEvents() ? EventMessage.of(head) : null;
        if (!isHttp1()) {
            // A stream of HTTP/2 can be reset while the connection stays.
            response().exceptionHandler(_ -> disconnected());
        }
    }

    @Override
    protected Route route() {
        return match.route();
    }

    public RequestTarget target() {
        return target;
    }

    /// Variables of the path, decoded.
    List<String> variables() {
        return match.variables();
    }

    public String variable() {
        return match.variables().getFirst();
    }

    /// The second variable of the path.
    public String secondVariable() {
        return match.variables().get(1);
    }

    /// Receives the body within the limits of its kind.
    public void receive(RequestHead head) {
        Terms terms = match.terms();
        receive(head, isBatch() ? terms.batchMax() : terms.bodyMax());
    }

    private boolean isBatch() {
        return message != null && message.isBatch();
    }

    @Override
    protected ErrorCode tooLargeCode() {
        return isBatch() ? ErrorCode.BATCH_TOO_LARGE : ErrorCode.BODY_TOO_LARGE;
    }

    /// What the headers say of the events in the body, where that is what the body is.
    public EventMessage message() {
        if (message == null) {
            throw new IllegalStateException("requests of this kind carry no events");
        }
        return message;
    }

    /// @param known the parameters that the endpoint has
    public Query query(String... known) {
        return Query.parse(target.query(), List.of(known));
    }

    /// A header of the request.
    public @Nullable String header(String name) {
        return request().getHeader(name);
    }

    public @Nullable String contentType() {
        return contentType;
    }

    public Bytes content() {
        return content;
    }

    public boolean isHead() {
        return request().method().equals(HttpMethod.HEAD);
    }

    @Override
    protected void received(Bytes received) {
        if (!match.terms().places().enter()) {
            throw new MillraceException(
                    ErrorCode.OVERLOADED,
                    "%d requests of this kind are being answered already"
                            .formatted(match.terms().places().total()));
        }
        content = received;
        Thread thread = Thread.ofVirtual().name("http-" + match.route().label()).unstarted(this);
        worker = thread;
        thread.start();
    }

    @Override
    public void run() {
        try {
            answer = match.endpoint().serve(this);
        } catch (MillraceException e) {
            problem = e;
        } catch (InterruptedException _) {
            // The client has gone, or is about to hear that the server stops.
            problem = new MillraceException(ErrorCode.SHUTTING_DOWN, "the request was broken off");
        } catch (RuntimeException e) {
            problem = internal(e);
        } finally {
            match.terms().places().leave();
            peer().loop().replies().push(this);
        }
    }

    /// Makes a WebSocket of the connection. Called by the endpoint, once it is sure that it wants
    /// to.
    public ServerWebSocket upgrade() throws InterruptedException {
        CompletableFuture<ServerWebSocket> upgraded = new CompletableFuture<>();
        peer().loop().context().runOnContext(_ -> upgrade(upgraded));
        try {
            return upgraded.get();
        } catch (ExecutionException e) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID, "upgrade", "the WebSocket handshake is not valid");
        }
    }

    private void upgrade(CompletableFuture<ServerWebSocket> upgraded) {
        // What endpoints send is no subprotocol that anybody has defined.
        request().headers().remove("sec-websocket-protocol");
        request()
                .toWebSocket()
                .onComplete(
                        socket -> {
                            webSocket = socket;
                            socket.closeHandler(_ -> peer().loop().forget(peer().connection()));
                            upgraded.complete(socket);
                        },
                        upgraded::completeExceptionally);
    }

    /// Whether the client wants a WebSocket.
    public boolean wantsWebSocket() {
        return request().headers().contains("upgrade", "websocket", true);
    }

    /// Begins an answer that is sent in pieces. Called by the endpoint.
    public ResponseStream stream(int status, Map<String, String> headers) {
        ResponseStream opened = new ResponseStream(response(), status, headers);
        stream = opened;
        return opened;
    }

    @Override
    protected void deliver() {
        worker = null;
        if (isEnded()) {
            lost();
            return;
        }
        if (webSocket != null) {
            ended(101);
        } else if (peer().isClosed()) {
            ended(499);
            lost();
        } else if (stream != null) {
            stream.end(problem == null);
            ended(stream.status());
            if (problem != null && isHttp1()) {
                peer().connection().close();
            }
        } else if (problem != null) {
            fail(problem);
        } else if (answer != null) {
            deliver(answer);
        }
    }

    private void lost() {
        if (undelivered != null) {
            Thread.ofVirtual().name("http-undelivered").start(undelivered);
        }
    }

    private void deliver(Answer ready) {
        HttpServerResponse response = response();
        response.setStatusCode(ready.status());
        if (ready.contentType() != null) {
            response.putHeader(Headers.CONTENT_TYPE, ready.contentType());
        }
        ready.headers().forEach(response::putHeader);
        send(ready.status(), Buffer.buffer(ready.body()));
    }

    @Override
    protected void abandoned() {
        gone = true;
        stopping();
    }

    @Override
    protected void stopping() {
        // What only takes its time is finished and answered.
        if (worker != null && match.terms().waits()) {
            worker.interrupt();
        }
    }

    /// What is to be done if the client turns out to have gone before the answer is sent; on a
    /// thread that may block. Called by the endpoint before it returns.
    public void ifUndelivered(Runnable action) {
        undelivered = action;
    }

    /// Whether the client has gone.
    public boolean isGone() {
        return gone;
    }
}

package io.millrace.gateway.http;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.http.call.Call;
import io.millrace.gateway.http.call.Match;
import io.millrace.gateway.http.call.Router;
import io.millrace.gateway.http.config.HttpLimits;
import io.millrace.gateway.http.exchange.Exchange;
import io.millrace.gateway.http.exchange.HttpLoop;
import io.millrace.gateway.http.exchange.HttpPeer;
import io.millrace.gateway.http.exchange.Origins;
import io.millrace.gateway.http.exchange.Refusal;
import io.millrace.gateway.http.exchange.Route;
import io.millrace.gateway.http.message.RequestHead;
import io.millrace.gateway.http.message.RequestTarget;
import io.millrace.gateway.http.publish.PublishEndpoint;
import io.millrace.gateway.http.socket.Sockets;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/// Takes each request as soon as its headers are there. One for each event loop, which owns it.
final class RequestDispatcher implements Handler<HttpServerRequest> {
    private final HttpLoop loop;
    private final Origins origins;
    private final PublishEndpoint publish;
    private final Sockets sockets;
    private final Router router;

    RequestDispatcher(
            HttpLoop loop,
            Origins origins,
            PublishEndpoint publish,
            Sockets sockets,
            Router router) {
        this.loop = loop;
        this.origins = origins;
        this.publish = publish;
        this.sockets = sockets;
        this.router = router;
    }

    @Override
    public void handle(HttpServerRequest request) {
        HttpPeer peer = loop.peer(request.connection());
        RequestHead head = loop.head();
        HttpMethod method = request.method();
        try {
            boolean publishing =
                    method.equals(HttpMethod.POST) && PublishEndpoint.owns(request.uri());
            head.read(request, publishing);
            origins.check(peer, head, method, request.version() == HttpVersion.HTTP_1_0);
            if (publishing) {
                publish.handle(peer, request, head);
            } else {
                route(peer, request, head);
            }
        } catch (MillraceException e) {
            new Refusal(peer, request).refuse(head, e);
        } catch (RuntimeException e) {
            new Refusal(peer, request).refuse(head, Exchange.internal(e));
        }
    }

    private void route(HttpPeer peer, HttpServerRequest request, RequestHead head) {
        String uri = request.uri();
        if (request.method().equals(HttpMethod.OPTIONS) && uri.equals("*")) {
            uri = "/";
        }
        RequestTarget target = RequestTarget.of(uri);
        if (request.method().equals(HttpMethod.POST) && PublishEndpoint.owns(target.path())) {
            // A publish whose target is a whole URI.
            head.read(request, true);
            publish.handle(peer, request, head, target);
            return;
        }
        if (sockets.handle(peer, request, head, target)) {
            return;
        }
        Match match = router.find(request.method(), target);
        boolean body = head.chunked() || head.contentLength() > 0;
        if (body && !match.takesBody()) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID, "body", "this request takes no body");
        }
        if (match.carriesEvents()) {
            head.read(request, true);
        }
        Call call = new Call(peer, request, match, target, head);
        boolean webSocket = call.wantsWebSocket() && match.route() == Route.TAIL;
        if (webSocket) {
            upgrade(call, head);
        } else if (match.takesBody()) {
            call.receive(head);
        } else {
            call.withoutBody();
        }
    }

    private void upgrade(Call call, RequestHead head) {
        String origin = head.origin();
        if (origin != null) {
            try {
                origins.checkOrigin(origin, head.host());
            } catch (MillraceException e) {
                call.refuse(head, e);
                return;
            }
        }
        call.hold();
    }

    /// Answers what could not even be read as HTTP. The connection is closed after it.
    void handleInvalid(HttpServerRequest request) {
        HttpPeer peer = loop.peer(request.connection());
        new Refusal(peer, request)
                .refuse(loop.head().cleared(), problem(request.decoderResult().cause()));
    }

    private static MillraceException problem(@Nullable Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new MillraceException(
                    ErrorCode.HEADERS_TOO_LARGE,
                    "the first line may have at most %d bytes"
                            .formatted(HttpLimits.FIRST_LINE_BYTES_MAX));
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new MillraceException(
                    ErrorCode.HEADERS_TOO_LARGE,
                    "all headers together may have at most %d bytes"
                            .formatted(HttpLimits.HEADER_BYTES_MAX));
        }
        return new MillraceException(ErrorCode.REQUEST_INVALID, "this is not HTTP as it should be");
    }
}

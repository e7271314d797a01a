package io.millrace.gateway.http.socket;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.http.exchange.HttpPeer;
import io.millrace.gateway.http.exchange.Origins;
import io.millrace.gateway.http.message.AllowedMethods;
import io.millrace.gateway.http.message.RequestHead;
import io.millrace.gateway.http.message.RequestTarget;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The paths that are there for WebSockets alone. Thread-safe.
public final class Sockets {
    private final Origins origins;
    private final List<SocketService> services;

    public Sockets(Origins origins, List<SocketService> services) {
        this.origins = origins;
        this.services = List.copyOf(services);
    }

    /// Takes a request if its path is for WebSockets. Called on the connection's event loop.
    ///
    /// @return whether it has
    /// @throws MillraceException if the request is none for a WebSocket
    public boolean handle(
            HttpPeer peer, HttpServerRequest request, RequestHead head, RequestTarget target) {
        SocketService service = owner(target.path());
        if (service == null) {
            return false;
        }
        check(request, head);
        List<String> offers = request.headers().getAll(Subprotocols.HEADER);
        String agreed = Subprotocols.choose(offers, service.subprotocols());
        SocketGuest guest = service.admit(peer, target, agreed);
        new SocketExchange(peer, request, service.route(), agreed, guest).hold();
        return true;
    }

    private @Nullable SocketService owner(String path) {
        for (SocketService service : services) {
            if (service.owns(path)) {
                return service;
            }
        }
        return null;
    }

    private void check(HttpServerRequest request, RequestHead head) {
        if (!request.method().equals(HttpMethod.GET)) {
            throw AllowedMethods.problem("GET");
        }
        if (head.chunked() || head.contentLength() > 0) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID, "body", "this request takes no body");
        }
        boolean upgrade = request.headers().contains("upgrade", "websocket", true);
        if (!upgrade || request.version() != HttpVersion.HTTP_1_1) {
            throw new MillraceException(
                    ErrorCode.REQUEST_INVALID,
                    "upgrade",
                    "this path is for WebSockets, which are opened over HTTP/1.1 with Upgrade: websocket");
        }
        String origin = head.origin();
        if (origin != null) {
            origins.checkOrigin(origin, head.host());
        }
    }
}

package io.millrace.gateway.http.socket;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.http.exchange.Exchange;
import io.millrace.gateway.http.exchange.HttpPeer;
import io.millrace.gateway.http.exchange.Route;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;

/// A request that becomes a WebSocket. It is in progress until the connection is closed, so that
/// nobody takes the connection for idle.
final class SocketExchange extends Exchange {
    private static final int SWITCHED = 101;
    private static final int CLIENT_GONE = 499;

    private final Route route;
    private final String subprotocol;
    private final SocketGuest guest;
    private boolean open;
    private boolean left;

    SocketExchange(
            HttpPeer peer,
            HttpServerRequest request,
            Route route,
            String subprotocol,
            SocketGuest guest) {
        super(peer, request);
        this.route = route;
        this.subprotocol = subprotocol;
        this.guest = guest;
    }

    @Override
    protected Route route() {
        return route;
    }

    @Override
    protected void received(Bytes content) {
        // Whatever a client offers is agreed to by the server's handshake, so the offer is cut
        // down to what this path speaks.
        request().headers().set(Subprotocols.HEADER, subprotocol);
        guest.headers().forEach(response()::putHeader);
        try {
            request().toWebSocket().onComplete(this::opened, _ -> refused());
        } catch (RuntimeException e) {
            leave();
            throw e;
        }
    }

    private void opened(ServerWebSocket socket) {
        Channel channel = peer().loop().channel(peer().connection());
        if (isEnded() || channel == null) {
            SocketClose.away(socket);
            return;
        }
        open = true;
        // Not by the socket's close handler, which is its guest's to set.
        channel.closeFuture().addListener(_ -> peer().loop().forget(peer().connection()));
        guest.opened(socket, SocketGuard.on(channel));
    }

    private void refused() {
        if (!isEnded()) {
            leave();
            fail(
                    new MillraceException(
                            ErrorCode.REQUEST_INVALID,
                            "upgrade",
                            "the WebSocket handshake is not valid"));
        }
    }

    @Override
    protected void abandoned() {
        ended(open ? SWITCHED : CLIENT_GONE);
        leave();
    }

    /// Lets the guest go, once.
    private void leave() {
        if (!left) {
            left = true;
            guest.closed();
        }
    }

    @Override
    protected void stopping() {
        guest.stopping();
    }

    @Override
    protected void deliver() {
        throw new IllegalStateException("sockets answer for themselves");
    }
}

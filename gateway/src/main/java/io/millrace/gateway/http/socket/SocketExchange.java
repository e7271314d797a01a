package io.millrace.gateway.http.socket;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.gateway.http.exchange.Exchange;
import io.millrace.gateway.http.exchange.HttpPeer;
import io.millrace.gateway.http.exchange.Route;
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
        request().toWebSocket().onComplete(this::opened, _ -> refused());
    }

    private void opened(ServerWebSocket socket) {
        open = true;
        peer().loop().forgetWhenClosed(peer().connection());
        guest.opened(socket);
    }

    private void refused() {
        if (!isEnded()) {
            guest.closed();
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
        guest.closed();
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

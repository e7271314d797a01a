package io.millrace.gateway.http.exchange;

import io.millrace.event.Bytes;
import io.vertx.core.http.HttpServerRequest;

/// The answer to a request whose head is wrong.
public final class Refusal extends Exchange {
    public Refusal(HttpPeer peer, HttpServerRequest request) {
        super(peer, request);
    }

    @Override
    protected Route route() {
        return Route.OTHER;
    }

    @Override
    protected void received(Bytes content) {
        throw new IllegalStateException("a refused request has no body");
    }

    @Override
    protected void abandoned() {}

    @Override
    protected void stopping() {}

    @Override
    protected void deliver() {}
}

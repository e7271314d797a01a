package io.millrace.gateway.http;

import io.millrace.event.Bytes;
import io.vertx.core.http.HttpServerRequest;

/// The answer to a request whose head is wrong.
final class Refusal extends Exchange {
    Refusal(HttpPeer peer, HttpServerRequest request) {
        super(peer, request);
    }

    @Override
    Route route() {
        return Route.OTHER;
    }

    @Override
    void received(Bytes content) {
        throw new IllegalStateException("a refused request has no body");
    }

    @Override
    void abandoned() {}

    @Override
    void stopping() {}

    @Override
    void deliver() {}
}

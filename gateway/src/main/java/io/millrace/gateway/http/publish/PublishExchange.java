package io.millrace.gateway.http.publish;

import io.millrace.broker.Publication;
import io.millrace.broker.PublishReply;
import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Event;
import io.millrace.gateway.http.exchange.Exchange;
import io.millrace.gateway.http.exchange.HttpLoop;
import io.millrace.gateway.http.exchange.HttpPeer;
import io.millrace.gateway.http.exchange.Route;
import io.millrace.gateway.http.message.EventMessage;
import io.millrace.gateway.http.message.Headers;
import io.millrace.security.Principal;
import io.millrace.stream.Receipt;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One publish: from the body to the broker, and from the shard's thread back to the socket.
final class PublishExchange extends Exchange implements PublishReply {
    private final PublishEndpoint endpoint;
    private final @Nullable String context;
    private final EventMessage message;
    private final long begun;
    private int events;

    // Set by a shard's thread before it hands over, and read after that.
    private @Nullable List<Receipt> receipts;
    private @Nullable MillraceException problem;

    PublishExchange(
            PublishEndpoint endpoint,
            HttpPeer peer,
            HttpServerRequest request,
            @Nullable String context,
            EventMessage message) {
        super(peer, request);
        this.endpoint = endpoint;
        this.context = context;
        this.message = message;
        this.begun = peer.loop().nanoTime();
    }

    @Override
    protected Route route() {
        return Route.PUBLISH;
    }

    @Override
    protected ErrorCode tooLargeCode() {
        return message.isBatch() ? ErrorCode.BATCH_TOO_LARGE : ErrorCode.BODY_TOO_LARGE;
    }

    @Override
    protected void received(Bytes content) {
        List<Publication> publications = publications(content);
        events = publications.size();
        endpoint.broker().publish(Principal.LOCAL, publications, this);
    }

    private List<Publication> publications(Bytes content) {
        if (message.isBatch()) {
            List<Event> batch = message.all(endpoint.format(), content, endpoint.batchEventsMax());
            List<Publication> publications = new ArrayList<>(batch.size());
            for (Event member : batch) {
                publications.add(new Publication(context, member));
            }
            return publications;
        }
        return List.of(new Publication(context, message.single(endpoint.format(), content)));
    }

    @Override
    public void stored(List<Receipt> receipts) {
        this.receipts = receipts;
        peer().loop().replies().push(this);
    }

    @Override
    public void failed(MillraceException problem) {
        this.problem = problem;
        peer().loop().replies().push(this);
    }

    @Override
    protected void deliver() {
        HttpLoop loop = peer().loop();
        if (problem != null) {
            fail(problem);
        } else if (receipts != null) {
            loop.counters().published(events, loop.burstNanos() - begun);
            acknowledge(receipts);
        }
    }

    private void acknowledge(List<Receipt> stored) {
        if (peer().isClosed()) {
            ended(499);
            return;
        }
        HttpServerResponse response = response();
        response.setStatusCode(202);
        response.putHeader(Headers.CONTENT_TYPE, Headers.JSON);
        send(
                202,
                message.isBatch()
                        ? Receipts.array(stored)
                        : Receipts.one(stored.getFirst(), peer().loop().scratch()));
    }

    @Override
    protected void abandoned() {
        // The events are on their way to the log; only the answer has nowhere to go.
    }

    @Override
    protected void stopping() {
        // What is on its way is answered.
    }
}

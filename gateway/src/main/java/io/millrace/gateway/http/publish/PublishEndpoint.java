package io.millrace.gateway.http.publish;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.event.format.JsonFormat;
import io.millrace.gateway.http.config.HttpLimits;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.exchange.HttpPeer;
import io.millrace.gateway.http.message.EventMessage;
import io.millrace.gateway.http.message.Query;
import io.millrace.gateway.http.message.RequestHead;
import io.millrace.gateway.http.message.RequestTarget;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `POST /events` and `POST /events/{context}`, the one endpoint that is called thousands of times
/// a second: everything about it happens on the event loop, without routing and without futures.
public final class PublishEndpoint {
    static final String PATH = "/events";

    private final BrokerDoor broker;
    private final HttpLimits limits;
    private final JsonFormat format = new JsonFormat();

    public PublishEndpoint(BrokerDoor broker, HttpLimits limits) {
        this.broker = broker;
        this.limits = limits;
    }

    /// Whether the target is this endpoint's.
    public static boolean owns(String uri) {
        return uri.startsWith(PATH)
                && (uri.length() == PATH.length()
                        || uri.charAt(PATH.length()) == '/'
                        || uri.charAt(PATH.length()) == '?');
    }

    /// Takes a request whose head has been read.
    ///
    /// @throws MillraceException if its head is wrong
    public void handle(HttpPeer peer, HttpServerRequest request, RequestHead head) {
        handle(peer, request, head, context(request.uri()));
    }

    /// Takes a request that came with a target of an unusual form.
    ///
    /// @throws MillraceException if its head is wrong
    public void handle(
            HttpPeer peer, HttpServerRequest request, RequestHead head, RequestTarget target) {
        handle(peer, request, head, context(target));
    }

    private void handle(
            HttpPeer peer, HttpServerRequest request, RequestHead head, @Nullable String context) {
        EventMessage message = EventMessage.of(head);
        PublishExchange exchange = new PublishExchange(this, peer, request, context, message);
        exchange.receive(head, message.isBatch() ? limits.batchBytesMax() : limits.bodyBytesMax());
    }

    BrokerDoor broker() {
        return broker;
    }

    JsonFormat format() {
        return format;
    }

    int batchEventsMax() {
        return limits.batchEventsMax();
    }

    /// The context in the path, or `null` if there is none.
    private static @Nullable String context(String uri) {
        if (uri.length() == PATH.length()) {
            return null;
        }
        for (int i = PATH.length(); i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c == '%' || c == '?' || c <= ' ' || c >= 0x7F) {
                return context(RequestTarget.of(uri));
            }
        }
        return uri.substring(PATH.length());
    }

    private static @Nullable String context(RequestTarget target) {
        Query.parse(target.query(), List.of());
        return target.path().length() == PATH.length()
                ? null
                : target.below(PATH, ErrorCode.CONTEXT_INVALID, "context");
    }
}

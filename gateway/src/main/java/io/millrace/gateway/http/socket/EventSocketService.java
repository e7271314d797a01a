package io.millrace.gateway.http.socket;

import io.millrace.error.ErrorCode;
import io.millrace.error.MillraceException;
import io.millrace.gateway.http.call.Places;
import io.millrace.gateway.http.door.BrokerDoor;
import io.millrace.gateway.http.exchange.HttpPeer;
import io.millrace.gateway.http.exchange.Route;
import io.millrace.gateway.http.message.RequestTarget;
import io.millrace.io.Randomness;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/// `/socket` and `/socket/{context}`: CloudEvents over WebSocket, both ways (CloudEvents WebSockets
/// protocol binding).
public final class EventSocketService implements SocketService {
    private final BrokerDoor broker;
    private final Places places;
    private final int messageBytesMax;
    private final Duration heartbeat;

    /// Whoever could tell the source of a socket's control events could publish some.
    private final RandomGenerator chance = Randomness.unguessable();

    /// @param places shared with tails: each subscription takes one, and a socket without any does
    /// @param messageBytesMax how large one event may be
    public EventSocketService(
            BrokerDoor broker, Places places, int messageBytesMax, Duration heartbeat) {
        this.broker = broker;
        this.places = places;
        this.messageBytesMax = messageBytesMax;
        this.heartbeat = heartbeat;
    }

    BrokerDoor broker() {
        return broker;
    }

    int messageBytesMax() {
        return messageBytesMax;
    }

    Duration heartbeat() {
        return heartbeat;
    }

    @Override
    public boolean owns(String path) {
        return path.equals(SocketTerms.PATH) || path.startsWith(SocketTerms.PATH + "/");
    }

    @Override
    public Route route() {
        return Route.SOCKET;
    }

    @Override
    public List<String> subprotocols() {
        return SocketFormat.subprotocols();
    }

    @Override
    public SocketGuest admit(HttpPeer peer, RequestTarget target, String subprotocol) {
        SocketTerms terms = SocketTerms.of(target);
        if (!places.enter(weight(terms))) {
            throw new MillraceException(
                    ErrorCode.OVERLOADED,
                    "%d contexts are being followed already".formatted(places.taken()));
        }
        String source = "/socket/%016x%016x".formatted(chance.nextLong(), chance.nextLong());
        return new EventSocket(this, peer.loop(), SocketFormat.of(subprotocol), terms, source);
    }

    /// A socket has ended.
    void left(SocketTerms terms) {
        places.leave(weight(terms));
    }

    private static int weight(SocketTerms terms) {
        return Math.max(1, terms.subscriptions().size());
    }
}

package io.millrace.gateway.http.socket;

import io.millrace.gateway.http.exchange.HttpPeer;
import io.millrace.gateway.http.exchange.Route;
import io.millrace.gateway.http.message.Query;
import io.millrace.gateway.http.message.RequestTarget;
import io.millrace.gateway.listener.SocketHandler;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One path whose sockets somebody else takes over.
///
/// @param subprotocol that clients must offer
public record ForeignService(String path, Route route, String subprotocol, SocketHandler handler)
        implements SocketService {
    /// MQTT over WebSocket (MQTT 5.0, section 6).
    public static ForeignService mqtt(SocketHandler handler) {
        return new ForeignService("/mqtt", Route.MQTT, "mqtt", handler);
    }

    @Override
    public boolean owns(String asked) {
        return asked.equals(path);
    }

    @Override
    public List<String> subprotocols() {
        return List.of(subprotocol);
    }

    @Override
    public SocketGuest admit(HttpPeer peer, RequestTarget target, String agreed) {
        Query.parse(target.query(), List.of());
        return new Foreigner(handler);
    }

    /// Leaves everything to the handler.
    private static final class Foreigner implements SocketGuest {
        private final SocketHandler handler;
        private @Nullable ServerWebSocket socket;
        private @Nullable SocketGuard guard;

        Foreigner(SocketHandler handler) {
            this.handler = handler;
        }

        @Override
        public void opened(ServerWebSocket opened, SocketGuard guarded) {
            socket = opened;
            guard = guarded;
            SocketClose.limited(opened);
            handler.opened(opened, guarded::ending);
        }

        @Override
        public void closed() {
            // The handler hears that from the socket.
        }

        @Override
        public void stopping() {
            if (socket != null && guard != null) {
                SocketClose.away(socket);
                guard.ending();
            }
        }
    }
}

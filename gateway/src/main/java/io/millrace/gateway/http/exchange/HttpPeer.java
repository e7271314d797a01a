package io.millrace.gateway.http.exchange;

import io.millrace.gateway.listener.ConnectionGate;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/// A connected client and its requests in progress. Owned by the connection's event loop.
public final class HttpPeer implements ConnectionGate.Timed {
    private final HttpLoop loop;
    private final HttpConnection connection;
    private final @Nullable ConnectionGate gate;
    private @Nullable Exchange first;
    private @Nullable String acceptedHost;
    private boolean closed;

    HttpPeer(HttpLoop loop, HttpConnection connection, @Nullable ConnectionGate gate) {
        this.loop = loop;
        this.connection = connection;
        this.gate = gate;
        if (gate != null) {
            gate.watch(this);
            if (connection.protocolVersion() == HttpVersion.HTTP_2) {
                gate.multiplexed();
            }
        }
    }

    public HttpLoop loop() {
        return loop;
    }

    public HttpConnection connection() {
        return connection;
    }

    public boolean isClosed() {
        return closed;
    }

    /// The `Host` that this client has been let in with before.
    @Nullable String acceptedHost() {
        return acceptedHost;
    }

    void accept(String host) {
        acceptedHost = host;
    }

    /// The time of the last check, good enough for deadlines.
    long now() {
        return gate == null ? loop.nanoTime() : gate.now();
    }

    void begin(Exchange exchange) {
        exchange.next = first;
        if (first != null) {
            first.previous = exchange;
        }
        first = exchange;
        if (gate != null) {
            gate.requestBegins();
        }
    }

    void end(Exchange exchange) {
        if (exchange.previous != null) {
            exchange.previous.next = exchange.next;
        } else {
            first = exchange.next;
        }
        if (exchange.next != null) {
            exchange.next.previous = exchange.previous;
        }
        exchange.next = null;
        exchange.previous = null;
        if (gate != null) {
            gate.requestEnds();
        }
    }

    /// How many requests are in progress.
    public int requests() {
        int count = 0;
        for (Exchange exchange = first; exchange != null; exchange = exchange.next) {
            count++;
        }
        return count;
    }

    /// No request in progress.
    boolean isIdle() {
        return first == null;
    }

    /// Tells the requests in progress that the server stops.
    public void stopping() {
        Exchange exchange = first;
        while (exchange != null) {
            Exchange following = exchange.next;
            exchange.stopping();
            exchange = following;
        }
    }

    @Override
    public void tick(long now) {
        Exchange exchange = first;
        while (exchange != null) {
            Exchange following = exchange.next;
            exchange.tick(now);
            exchange = following;
        }
    }

    void closed() {
        closed = true;
        Exchange exchange = first;
        while (exchange != null) {
            Exchange following = exchange.next;
            exchange.disconnected();
            exchange = following;
        }
    }
}

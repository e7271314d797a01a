package io.millrace.gateway.http.exchange;

import io.millrace.gateway.http.config.HttpLimits;
import io.millrace.gateway.http.message.RequestHead;
import io.millrace.gateway.listener.ConnectionGate;
import io.millrace.io.Clock;
import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One event loop's part of the gateway, owned by it: its connections, its share of the memory for
/// bodies, its counters.
public final class HttpLoop {
    private static final Logger LOG = LoggerFactory.getLogger(HttpLoop.class);

    private static final int SCRATCH_BYTES = 256;

    private final IdentityHashMap<HttpConnection, HttpPeer> peers = new IdentityHashMap<>();
    private final Context context;
    private final Clock clock;
    private final ReplyQueue replies;
    private final BodyBudget budget;
    private final LoopCounters counters = new LoopCounters();
    private final RequestHead head = new RequestHead();
    private final HttpLimits limits;
    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private long burstNanos;

    /// @param share of the bytes of bodies in flight
    public HttpLoop(Context context, HttpLimits limits, long share, Clock clock) {
        this.context = context;
        this.limits = limits;
        this.clock = clock;
        this.budget = new BodyBudget(share);
        this.replies = new ReplyQueue(context, this::burstBegins);
    }

    private void burstBegins() {
        burstNanos = clock.nanoTime();
    }

    /// When the replies that are being delivered were picked up.
    public long burstNanos() {
        return burstNanos;
    }

    public long nanoTime() {
        return clock.nanoTime();
    }

    public ReplyQueue replies() {
        return replies;
    }

    BodyBudget budget() {
        return budget;
    }

    /// Bytes that are reserved for bodies now.
    public long bodyBytes() {
        return budget.bytes();
    }

    public LoopCounters counters() {
        return counters;
    }

    HttpLimits limits() {
        return limits;
    }

    /// The head of the request that is being read, used again for the next one.
    public RequestHead head() {
        return head;
    }

    public void connected(HttpConnection connection) {
        peer(connection);
    }

    public HttpPeer peer(HttpConnection connection) {
        HttpPeer peer = peers.get(connection);
        return peer == null ? join(connection) : peer;
    }

    /// Room for writing a short answer, used again for the next one.
    public byte[] scratch() {
        return scratch;
    }

    /// Connections that are open now.
    public List<HttpPeer> peers() {
        return List.copyOf(peers.values());
    }

    /// Forgets a connection that has become something else, or is closed.
    public void forget(HttpConnection connection) {
        HttpPeer peer = peers.remove(connection);
        if (peer != null) {
            peer.closed();
        }
    }

    public Context context() {
        return context;
    }

    private HttpPeer join(HttpConnection connection) {
        HttpPeer peer = new HttpPeer(this, connection, gate(connection));
        peers.put(connection, peer);
        connection.closeHandler(_ -> forget(connection));
        connection.exceptionHandler(e -> LOG.debug("A connection failed", e));
        return peer;
    }

    /// What lies under a connection; Vert.x shows it to its own packages only.
    public @Nullable Channel channel(HttpConnection connection) {
        return connection instanceof HttpServerConnection server
                ? server.channelHandlerContext().channel()
                : null;
    }

    private @Nullable ConnectionGate gate(HttpConnection connection) {
        Channel channel = channel(connection);
        return channel == null
                ? null
                : (ConnectionGate) channel.pipeline().get(ConnectionGate.NAME);
    }
}

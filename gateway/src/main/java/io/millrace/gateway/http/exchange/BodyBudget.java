package io.millrace.gateway.http.exchange;

import java.util.ArrayDeque;

/// The memory that one event loop may spend on request bodies. What it cannot hold is not read from
/// the sockets. Owned by the loop.
///
/// A request reserves all that its body can need before the first byte is read, so that those who
/// have begun can always finish.
final class BodyBudget {
    private final long bytesMax;
    private final ArrayDeque<Exchange> waiting = new ArrayDeque<>();
    private long bytes;

    BodyBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Takes room if there is any and nobody waits for it.
    boolean reserve(long wanted) {
        if (bytes + wanted > bytesMax || !waiting.isEmpty()) {
            return false;
        }
        bytes += wanted;
        return true;
    }

    /// Has the exchange told by [Exchange#admitted] once there is room.
    void await(Exchange exchange) {
        waiting.add(exchange);
    }

    /// Forgets an exchange that waits.
    void leave(Exchange exchange) {
        waiting.remove(exchange);
    }

    void release(long reserved) {
        bytes -= reserved;
        while (!waiting.isEmpty() && bytes + waiting.element().wanted() <= bytesMax) {
            Exchange next = waiting.remove();
            bytes += next.wanted();
            next.admitted();
        }
    }

    /// Bytes that are reserved now.
    public long bytes() {
        return bytes;
    }
}

package io.millrace.gateway.kafka.connection;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// The memory that the connections of one event loop may spend on requests. With more, they stop
/// reading. Owned by the loop.
///
/// If all of it is in requests that have only begun to arrive, none would ever be complete: so one
/// connection at a time may finish its request all the same.
final class LoopBudget {
    private final long bytesMax;
    private final ArrayDeque<KafkaConnection> waiting = new ArrayDeque<>();
    private @Nullable KafkaConnection exempt;
    private volatile long bytes;

    LoopBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Bytes that are taken now; for all threads.
    long bytes() {
        return bytes;
    }

    /// Whether a connection may read on. If not, it is told by [KafkaConnection#admitted] when it
    /// may.
    ///
    /// @param hasBegun whether a part of a request has arrived
    boolean admits(KafkaConnection connection, boolean hasBegun) {
        if (bytes < bytesMax || exempt == connection) {
            return true;
        }
        if (exempt == null && hasBegun) {
            exempt = connection;
            return true;
        }
        waiting.add(connection);
        return false;
    }

    // Only the loop writes.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void change(long difference) {
        bytes += difference;
    }

    /// The connection's request is complete, or the connection is gone.
    void complete(KafkaConnection connection) {
        if (exempt == connection) {
            exempt = null;
        }
    }

    void leave(KafkaConnection connection) {
        complete(connection);
        waiting.remove(connection);
    }

    /// Lets those go on that wait, as far as there is room.
    void wake() {
        int count = waiting.size();
        while (count-- > 0 && (bytes < bytesMax || exempt == null)) {
            waiting.remove().admitted();
        }
    }
}

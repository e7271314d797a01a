package io.millrace.gateway.listener;

import io.millrace.io.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after the connections of one event loop, which owns it.
final class GateWatch {
    private static final Logger LOG = LoggerFactory.getLogger(GateWatch.class);

    private final Clock clock;
    private final long headMaxNanos;
    private final long idleMaxNanos;
    private @Nullable ConnectionGate first;
    private long now;

    GateWatch(Clock clock, ConnectionLimits limits) {
        this.clock = clock;
        this.headMaxNanos = limits.headMax().toNanos();
        this.idleMaxNanos = limits.idleMax().toNanos();
        this.now = clock.nanoTime();
    }

    /// The time of the last check, which is good enough for limits of seconds and costs nothing.
    long now() {
        return now;
    }

    void add(ConnectionGate gate) {
        gate.next = first;
        if (first != null) {
            first.previous = gate;
        }
        first = gate;
    }

    void remove(ConnectionGate gate) {
        if (gate.previous != null) {
            gate.previous.next = gate.next;
        } else if (first == gate) {
            first = gate.next;
        }
        if (gate.next != null) {
            gate.next.previous = gate.previous;
        }
        gate.next = null;
        gate.previous = null;
    }

    void check() {
        now = clock.nanoTime();
        ConnectionGate gate = first;
        while (gate != null) {
            // Closing a connection takes it out of the list.
            ConnectionGate following = gate.next;
            try {
                gate.check(now, headMaxNanos, idleMaxNanos);
            } catch (RuntimeException e) {
                // The task must go on, or nobody else's limits would hold any more.
                LOG.error("A connection could not be checked", e);
            }
            gate = following;
        }
    }
}

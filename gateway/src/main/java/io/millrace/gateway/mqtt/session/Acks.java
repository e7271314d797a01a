package io.millrace.gateway.mqtt.session;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Answers to a client's messages, in the order of these (MQTT 5.0, section 4.6), whichever is
/// stored first. Owned by the connection's event loop.
final class Acks {
    private final ArrayDeque<Ack> waiting = new ArrayDeque<>();
    private final Outlet outlet;
    private final boolean mayExplain;

    /// @param mayExplain whether the client wants reasons in words
    Acks(Outlet outlet, boolean mayExplain) {
        this.outlet = outlet;
        this.mayExplain = mayExplain;
    }

    /// One of them.
    static final class Ack {
        private final int qos;
        private final int identifier;
        private boolean isDone;
        private ReasonCode reason = ReasonCode.SUCCESS;
        private @Nullable String why;

        Ack(int qos, int identifier) {
            this.qos = qos;
            this.identifier = identifier;
        }
    }

    int size() {
        return waiting.size();
    }

    Ack add(int qos, int identifier) {
        Ack ack = new Ack(qos, identifier);
        waiting.add(ack);
        return ack;
    }

    void done(Ack ack, ReasonCode reason, @Nullable String why) {
        ack.isDone = true;
        ack.reason = reason;
        ack.why = mayExplain ? why : null;
        Ack first = waiting.peek();
        while (first != null && first.isDone) {
            waiting.remove();
            outlet.send(
                    first.qos == 1
                            ? Packets.acknowledged(first.identifier, first.reason, first.why)
                            : Packets.received(first.identifier, first.reason, first.why));
            first = waiting.peek();
        }
    }
}

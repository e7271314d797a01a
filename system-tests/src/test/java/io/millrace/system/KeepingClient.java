package io.millrace.system;

import io.millrace.gateway.mqtt.client.Delivery;
import io.millrace.gateway.mqtt.client.Fields;
import io.millrace.gateway.mqtt.client.Frame;
import io.millrace.gateway.mqtt.client.Hello;
import io.millrace.gateway.mqtt.client.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A client of MQTT 5.0 that keeps its side of the session however often the server is killed: it
/// connects again, sends again what was not acknowledged, and knows what it has with QoS 2 already
/// (section 4.1). Thread-safe.
final class KeepingClient implements AutoCloseable {
    private static final int UNACKNOWLEDGED_MAX = 20;
    private static final int DUPLICATE = 8;
    private static final int SUBSCRIBE_ID = 65_535;
    private static final int IDENTIFIER_MAX = 60_000;

    private final CrashingServer server;
    private final Hello hello;
    private final @Nullable String filter;
    private final int qos;
    private final Consumer<Delivery> taken;

    /// Guarded by this: what is not acknowledged to the end, in the order of sending.
    private final Map<Integer, Outgoing> outgoing = new LinkedHashMap<>();

    /// Guarded by this: what has come with QoS 2 and is not released.
    private final Set<Integer> incoming = new HashSet<>();

    private int lastIdentifier;
    private boolean isSubscribed;
    private boolean isStopped;
    private int sessionsLost;
    private int sentAgain;
    private @Nullable Wire wire;

    /// @param isReceived whether PUBREC has come
    private record Outgoing(Frame publish, boolean isReceived) {}

    /// @param filter what it subscribes to; `null` for nothing
    /// @param taken hears of messages once each with QoS 2
    KeepingClient(
            CrashingServer server,
            Hello hello,
            @Nullable String filter,
            int qos,
            Consumer<Delivery> taken) {
        this.server = server;
        this.hello = hello;
        this.filter = filter;
        this.qos = qos;
        this.taken = taken;
        Thread.ofVirtual().start(this::run);
    }

    private void run() {
        boolean isFirst = true;
        while (!isStopped()) {
            try {
                Wire now = new Wire(server.mqttPort(), hello);
                connected(now, isFirst);
                isFirst = false;
                int _ = now.awaitEnd();
            } catch (IOException | RuntimeException _) {
                // It is being killed.
            }
        }
    }

    private synchronized boolean isStopped() {
        return isStopped;
    }

    private synchronized void connected(Wire now, boolean isFirst) throws IOException {
        wire = now;
        if (!now.isPresent() && !isFirst) {
            sessionsLost++;
        }
        now.listen(frame -> {
            try {
                received(now, frame);
            } catch (IOException _) {
                // As above.
            }
        });
        if (!isSubscribed && filter != null) {
            Fields fields = new Fields().two(SUBSCRIBE_ID).properties(new Fields());
            now.send(new Frame(Frame.SUBSCRIBE, 2, fields.text(filter).one(qos).bytes()));
        }
        for (Map.Entry<Integer, Outgoing> each : outgoing.entrySet()) {
            Frame publish = each.getValue().publish();
            sentAgain++;
            now.send(
                    each.getValue().isReceived()
                            ? Frame.reply(Frame.PUBREL, each.getKey())
                            : new Frame(
                                    Frame.PUBLISH, publish.flags() | DUPLICATE, publish.body()));
        }
    }

    private synchronized void received(Wire from, Frame frame) throws IOException {
        switch (frame.type()) {
            case Frame.PUBLISH -> published(from, Delivery.of(frame, true));
            case Frame.PUBREL -> {
                incoming.remove(frame.identifier());
                from.send(Frame.reply(Frame.PUBCOMP, frame.identifier()));
            }
            case Frame.PUBACK, Frame.PUBCOMP -> {
                outgoing.remove(frame.identifier());
                notifyAll();
            }
            case Frame.PUBREC -> {
                outgoing.computeIfPresent(
                        frame.identifier(), (_, sent) -> new Outgoing(sent.publish(), true));
                from.send(Frame.reply(Frame.PUBREL, frame.identifier()));
            }
            case Frame.SUBACK -> {
                isSubscribed = true;
                notifyAll();
            }
            default -> throw new AssertionError("not expected: " + frame);
        }
    }

    private void published(Wire from, Delivery delivery) throws IOException {
        boolean isNew = delivery.qos() < 2 || incoming.add(delivery.identifier());
        if (isNew) {
            taken.accept(delivery);
        }
        if (delivery.qos() > 0) {
            int type = delivery.qos() == 1 ? Frame.PUBACK : Frame.PUBREC;
            from.send(Frame.reply(type, delivery.identifier()));
        }
    }

    synchronized void awaitSubscribed() throws InterruptedException {
        while (!isSubscribed) {
            wait();
        }
    }

    /// Publishes as soon as few enough are under way.
    synchronized void publish(String topic, String payload, int withQos)
            throws InterruptedException {
        while (outgoing.size() >= UNACKNOWLEDGED_MAX) {
            wait();
        }
        do {
            lastIdentifier = lastIdentifier == IDENTIFIER_MAX ? 1 : lastIdentifier + 1;
        } while (outgoing.containsKey(lastIdentifier));
        Fields fields = new Fields().text(topic).two(lastIdentifier).properties(new Fields());
        fields.raw(payload.getBytes(StandardCharsets.UTF_8));
        Frame publish = new Frame(Frame.PUBLISH, withQos << 1, fields.bytes());
        outgoing.put(lastIdentifier, new Outgoing(publish, false));
        try {
            if (wire != null) {
                wire.send(publish);
            }
        } catch (IOException _) {
            // It is sent again.
        }
    }

    /// Waits until everything is acknowledged.
    synchronized void awaitAcknowledged() throws InterruptedException {
        while (!outgoing.isEmpty()) {
            wait();
        }
    }

    /// Loses its connection, and connects again.
    synchronized void breakOff() {
        if (wire != null) {
            wire.close();
        }
    }

    /// How often the server did not know the session any more.
    synchronized int sessionsLost() {
        return sessionsLost;
    }

    /// How often something was sent once more.
    synchronized int sentAgain() {
        return sentAgain;
    }

    @Override
    public synchronized void close() {
        isStopped = true;
        if (wire != null) {
            wire.close();
        }
    }
}

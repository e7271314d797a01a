package io.millrace.gateway.mqtt.session;

import io.millrace.stream.PartitionName;
import io.millrace.stream.StoredEvent;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// One connection of a random life: packets under way in both directions, and what the server may
/// have under way in it.
final class LifeLink implements Outlet {
    /// To the client: a [MqttMessage] or a [Published].
    final ArrayDeque<Object> down = new ArrayDeque<>();

    final ArrayDeque<MqttMessage> up = new ArrayDeque<>();

    /// How far the log went when a SUBACK was sent, by its packet identifier.
    final Map<Integer, Map<PartitionName, Long>> subscribedAt = new HashMap<>();

    private final LifeLog log;
    private final int windowMax;
    private final boolean refusesBig;
    private final Set<Integer> underWay = new HashSet<>();
    boolean isWritable = true;
    boolean isPaused;

    /// Closed by the server.
    boolean isClosing;

    /// Closed by the client, or broken.
    boolean isBroken;

    record Published(
            StoredEvent event, int qos, int identifier, boolean isDuplicate, boolean isRetained) {}

    LifeLink(LifeLog log, int windowMax, boolean refusesBig) {
        this.log = log;
        this.windowMax = windowMax;
        this.refusesBig = refusesBig;
    }

    static boolean isBig(StoredEvent event) {
        return event.event().id().startsWith("big");
    }

    @Override
    public void send(MqttMessage packet) {
        if (isClosing || isBroken) {
            return;
        }
        if (packet instanceof MqttSubAckMessage subscribed) {
            subscribedAt.put(subscribed.variableHeader().messageId(), log.ends());
        }
        down.add(packet);
    }

    @Override
    public boolean publish(StoredEvent event, Delivery delivery) {
        if (isClosing || isBroken) {
            return true;
        }
        if (refusesBig && isBig(event)) {
            return false;
        }
        if (delivery.qos() > 0) {
            if (!underWay.add(delivery.identifier())) {
                throw new AssertionError(delivery.identifier() + " is in use");
            }
            if (underWay.size() > windowMax) {
                throw new AssertionError("more than " + windowMax + " under way");
            }
        }
        down.add(
                new Published(
                        event,
                        delivery.qos(),
                        delivery.identifier(),
                        delivery.isDuplicate(),
                        delivery.isRetained()));
        return true;
    }

    /// The server reads a packet that ends what is under way.
    void acknowledged(MqttMessage packet) {
        MqttMessageType type = packet.fixedHeader().messageType();
        if (packet.variableHeader() instanceof MqttPubReplyMessageVariableHeader header) {
            boolean isEnd =
                    type == MqttMessageType.PUBACK
                            || type == MqttMessageType.PUBCOMP
                            || (type == MqttMessageType.PUBREC
                                    && (header.reasonCode() & 0xFF) >= 0x80);
            if (isEnd) {
                underWay.remove(header.messageId());
            }
        }
    }

    @Override
    public void dropped() {
        // Nobody counts it here.
    }

    @Override
    public boolean isWritable() {
        return isWritable && !isClosing && !isBroken;
    }

    @Override
    public void pause() {
        isPaused = true;
    }

    @Override
    public void resume() {
        isPaused = false;
    }

    @Override
    public void close() {
        isClosing = true;
    }
}

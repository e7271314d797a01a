package io.millrace.gateway.mqtt.session;

import io.millrace.gateway.mqtt.config.MqttLimits;
import io.millrace.security.Principal;
import io.millrace.stream.StoredEvent;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One conversation, seen from the client's side.
final class Desk implements Outlet {
    static final int INFLIGHT_MAX = 10;
    static final int ALIASES_MAX = 5;
    static final int SUBSCRIPTIONS_MAX = 3;
    static final long SECOND = 1_000_000_000L;

    final FakeDoor door = new FakeDoor();
    final List<MqttMessage> sent = new ArrayList<>();
    final boolean isFive;
    boolean isClosed;
    boolean isPaused;
    Conversation conversation;

    Desk(boolean isFive) {
        this(isFive, 0, Duration.ZERO, Authentication.none(Principal.LOCAL));
    }

    Desk(boolean isFive, int rate, Duration keepAliveMax, Authentication.Factory authentication) {
        this.isFive = isFive;
        this.conversation =
                new Conversation(
                        door,
                        this,
                        limits(rate, keepAliveMax),
                        authentication.begin("/test"),
                        () -> "made-up",
                        Runnable::run,
                        0);
    }

    static MqttLimits limits(int rate, Duration keepAliveMax) {
        return new MqttLimits(
                100,
                1 << 16,
                INFLIGHT_MAX,
                SUBSCRIPTIONS_MAX,
                ALIASES_MAX,
                rate,
                Duration.ofDays(1),
                100,
                keepAliveMax,
                Duration.ofSeconds(10),
                1 << 16);
    }

    /// A client that is let in.
    static Desk connected(boolean isFive) {
        return new Desk(isFive).in(MqttProperties.NO_PROPERTIES);
    }

    Desk in(MqttProperties properties) {
        read(ClientPackets.connect(isFive, "c", true, properties));
        if (code() != 0) {
            throw new AssertionError("not let in: " + code());
        }
        return this;
    }

    Desk read(MqttMessage packet) {
        return read(packet, 0);
    }

    Desk read(MqttMessage packet, long nanos) {
        conversation.received(packet, nanos);
        return this;
    }

    MqttMessage last() {
        return sent.getLast();
    }

    MqttMessageType lastType() {
        return last().fixedHeader().messageType();
    }

    /// The code of the last packet that has one.
    int code() {
        return switch (last()) {
            case MqttConnAckMessage packet ->
                    packet.variableHeader().connectReturnCode().byteValue() & 0xFF;
            case MqttSubAckMessage packet -> packet.payload().reasonCodes().getFirst();
            case MqttMessage packet ->
                    switch (packet.variableHeader()) {
                        case MqttPubReplyMessageVariableHeader header -> header.reasonCode() & 0xFF;
                        case MqttReasonCodeAndPropertiesVariableHeader header ->
                                header.reasonCode() & 0xFF;
                        default -> throw new AssertionError("no code in " + packet);
                    };
        };
    }

    MqttProperties connectedProperties() {
        return ((MqttConnAckMessage) sent.getFirst()).variableHeader().properties();
    }

    @Override
    public void send(MqttMessage packet) {
        if (!isClosed) {
            sent.add(packet);
        }
    }

    @Override
    public boolean publish(StoredEvent event, Delivery delivery) {
        return true;
    }

    @Override
    public void dropped() {
        // Nobody counts it here.
    }

    @Override
    public boolean isWritable() {
        return !isClosed;
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
        isClosed = true;
    }
}

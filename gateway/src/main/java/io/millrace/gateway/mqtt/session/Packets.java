package io.millrace.gateway.mqtt.session;

import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckPayload;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Packets that the server sends, but for PUBLISH. What MQTT 3.1.1 does not have is left out by the
/// encoder.
public final class Packets {
    /// Netty's names for properties (MQTT 5.0, section 2.2.2.2).
    static final int REASON_STRING = MqttProperties.REASON_STRING;

    private static final MqttMessage PING =
            new MqttMessage(header(MqttMessageType.PINGRESP, MqttQoS.AT_MOST_ONCE));

    private Packets() {}

    private static MqttFixedHeader header(MqttMessageType type, MqttQoS qos) {
        return new MqttFixedHeader(type, false, qos, false, 0);
    }

    private static MqttProperties properties(@Nullable String reason) {
        if (reason == null) {
            return MqttProperties.NO_PROPERTIES;
        }
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.StringProperty(REASON_STRING, reason));
        return properties;
    }

    static MqttMessage connected(boolean isPresent, MqttProperties properties) {
        return new MqttConnAckMessage(
                header(MqttMessageType.CONNACK, MqttQoS.AT_MOST_ONCE),
                new MqttConnAckVariableHeader(
                        MqttConnectReturnCode.CONNECTION_ACCEPTED, isPresent, properties));
    }

    static MqttMessage refused(ReasonCode reason, boolean isFive, @Nullable String why) {
        int code = isFive ? reason.in(MqttMessageType.CONNACK).code() : reason.returnCode();
        return new MqttConnAckMessage(
                header(MqttMessageType.CONNACK, MqttQoS.AT_MOST_ONCE),
                new MqttConnAckVariableHeader(
                        MqttConnectReturnCode.valueOf((byte) code), false, properties(why)));
    }

    static MqttMessage pong() {
        return PING;
    }

    private static MqttMessage reply(
            MqttMessageType type, int identifier, ReasonCode reason, @Nullable String why) {
        MqttQoS qos = type == MqttMessageType.PUBREL ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE;
        return new MqttMessage(
                header(type, qos),
                new MqttPubReplyMessageVariableHeader(
                        identifier, (byte) reason.in(type).code(), properties(why)));
    }

    static MqttMessage acknowledged(int identifier, ReasonCode reason, @Nullable String why) {
        return reply(MqttMessageType.PUBACK, identifier, reason, why);
    }

    static MqttMessage received(int identifier, ReasonCode reason, @Nullable String why) {
        return reply(MqttMessageType.PUBREC, identifier, reason, why);
    }

    static MqttMessage release(int identifier) {
        return reply(MqttMessageType.PUBREL, identifier, ReasonCode.SUCCESS, null);
    }

    static MqttMessage release(int identifier, ReasonCode reason) {
        return reply(MqttMessageType.PUBREL, identifier, reason, null);
    }

    static MqttMessage completed(int identifier, ReasonCode reason) {
        return reply(MqttMessageType.PUBCOMP, identifier, reason, null);
    }

    static MqttMessage subscribed(int identifier, List<Integer> codes, @Nullable String why) {
        return new MqttSubAckMessage(
                header(MqttMessageType.SUBACK, MqttQoS.AT_MOST_ONCE),
                new MqttMessageIdAndPropertiesVariableHeader(identifier, properties(why)),
                new MqttSubAckPayload(codes));
    }

    static MqttMessage unsubscribed(int identifier, List<Short> codes) {
        return new MqttUnsubAckMessage(
                header(MqttMessageType.UNSUBACK, MqttQoS.AT_MOST_ONCE),
                new MqttMessageIdAndPropertiesVariableHeader(
                        identifier, MqttProperties.NO_PROPERTIES),
                new MqttUnsubAckPayload(Objects.requireNonNull(codes)));
    }

    static MqttMessage disconnect(ReasonCode reason, @Nullable String why) {
        return new MqttMessage(
                header(MqttMessageType.DISCONNECT, MqttQoS.AT_MOST_ONCE),
                new MqttReasonCodeAndPropertiesVariableHeader(
                        (byte) reason.in(MqttMessageType.DISCONNECT).code(), properties(why)));
    }

    static MqttMessage authenticate(ReasonCode reason, String method, byte @Nullable [] data) {
        MqttProperties properties = new MqttProperties();
        properties.add(
                new MqttProperties.StringProperty(MqttProperties.AUTHENTICATION_METHOD, method));
        if (data != null) {
            properties.add(
                    new MqttProperties.BinaryProperty(MqttProperties.AUTHENTICATION_DATA, data));
        }
        return new MqttMessage(
                header(MqttMessageType.AUTH, MqttQoS.AT_MOST_ONCE),
                new MqttReasonCodeAndPropertiesVariableHeader((byte) reason.code(), properties));
    }
}

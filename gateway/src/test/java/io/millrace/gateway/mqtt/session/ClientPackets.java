package io.millrace.gateway.mqtt.session;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption.RetainedHandlingPolicy;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribePayload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Packets as clients send them.
final class ClientPackets {
    private ClientPackets() {}

    static MqttFixedHeader header(MqttMessageType type, int qos) {
        return new MqttFixedHeader(type, false, MqttQoS.valueOf(qos), false, 0);
    }

    static MqttProperties numbers(int... idsAndValues) {
        MqttProperties properties = new MqttProperties();
        for (int i = 0; i < idsAndValues.length; i += 2) {
            properties.add(
                    new MqttProperties.IntegerProperty(idsAndValues[i], idsAndValues[i + 1]));
        }
        return properties;
    }

    static MqttConnectMessage connect(
            boolean isFive, String clientId, boolean isClean, MqttProperties properties) {
        return connect(
                isFive, clientId, isClean, 0, null, MqttProperties.NO_PROPERTIES, properties);
    }

    /// @param will its topic; `null` for none
    static MqttConnectMessage connect(
            boolean isFive,
            String clientId,
            boolean isClean,
            int keepAlive,
            @Nullable String will,
            MqttProperties willProperties,
            MqttProperties properties) {
        return new MqttConnectMessage(
                header(MqttMessageType.CONNECT, 0),
                new MqttConnectVariableHeader(
                        "MQTT",
                        isFive ? 5 : 4,
                        false,
                        false,
                        false,
                        will == null ? 0 : 1,
                        will != null,
                        isClean,
                        keepAlive,
                        properties),
                new MqttConnectPayload(
                        clientId,
                        willProperties,
                        will,
                        will == null ? null : new byte[] {1},
                        null,
                        null));
    }

    static MqttPublishMessage publish(
            String topic, int qos, int identifier, String payload, MqttProperties properties) {
        return new MqttPublishMessage(
                header(MqttMessageType.PUBLISH, qos),
                new MqttPublishVariableHeader(topic, identifier, properties),
                Unpooled.wrappedBuffer(payload.getBytes(StandardCharsets.UTF_8)));
    }

    static MqttPublishMessage publish(String topic, int qos, int identifier, String payload) {
        return publish(topic, qos, identifier, payload, MqttProperties.NO_PROPERTIES);
    }

    static MqttMessage reply(MqttMessageType type, int identifier, int reason) {
        return new MqttMessage(
                header(type, type == MqttMessageType.PUBREL ? 1 : 0),
                new MqttPubReplyMessageVariableHeader(
                        identifier, (byte) reason, MqttProperties.NO_PROPERTIES));
    }

    static MqttTopicSubscription filter(String filter, int qos) {
        return filter(filter, qos, false, 2);
    }

    static MqttTopicSubscription filter(
            String filter, int qos, boolean noLocal, int retainHandling) {
        return new MqttTopicSubscription(
                filter,
                new MqttSubscriptionOption(
                        MqttQoS.valueOf(qos),
                        noLocal,
                        false,
                        RetainedHandlingPolicy.valueOf(retainHandling)));
    }

    static MqttSubscribeMessage subscribe(
            int identifier, MqttProperties properties, List<MqttTopicSubscription> filters) {
        return new MqttSubscribeMessage(
                header(MqttMessageType.SUBSCRIBE, 1),
                new MqttMessageIdAndPropertiesVariableHeader(identifier, properties),
                new MqttSubscribePayload(filters));
    }

    static MqttSubscribeMessage subscribe(int identifier, String filter, int qos) {
        return subscribe(identifier, MqttProperties.NO_PROPERTIES, List.of(filter(filter, qos)));
    }

    static MqttUnsubscribeMessage unsubscribe(int identifier, String filter) {
        return new MqttUnsubscribeMessage(
                header(MqttMessageType.UNSUBSCRIBE, 1),
                new MqttMessageIdAndPropertiesVariableHeader(
                        identifier, MqttProperties.NO_PROPERTIES),
                new MqttUnsubscribePayload(List.of(filter)));
    }

    static MqttMessage ping() {
        return new MqttMessage(header(MqttMessageType.PINGREQ, 0));
    }

    static MqttMessage disconnect(boolean isFive, int reason, MqttProperties properties) {
        return isFive
                ? new MqttMessage(
                        header(MqttMessageType.DISCONNECT, 0),
                        new MqttReasonCodeAndPropertiesVariableHeader((byte) reason, properties))
                : new MqttMessage(header(MqttMessageType.DISCONNECT, 0));
    }

    static MqttMessage authenticate(int reason, @Nullable String method, byte[] data) {
        MqttProperties properties = new MqttProperties();
        if (method != null) {
            properties.add(
                    new MqttProperties.StringProperty(
                            MqttProperties.AUTHENTICATION_METHOD, method));
        }
        properties.add(new MqttProperties.BinaryProperty(MqttProperties.AUTHENTICATION_DATA, data));
        return new MqttMessage(
                header(MqttMessageType.AUTH, 0),
                new MqttReasonCodeAndPropertiesVariableHeader((byte) reason, properties));
    }
}

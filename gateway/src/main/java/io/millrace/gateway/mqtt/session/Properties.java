package io.millrace.gateway.mqtt.session;

import io.millrace.error.MillraceException;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.gateway.mqtt.message.MessageProperties;
import io.millrace.gateway.mqtt.message.UserProperty;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads the properties of packets (MQTT 5.0, section 2.2.2). Stateless.
final class Properties {
    private Properties() {}

    static long number(MqttProperties properties, int id, long usual) {
        return properties.getProperty(id) instanceof MqttProperties.IntegerProperty found
                // Four bytes, of which the largest number would be negative.
                ? Integer.toUnsignedLong(found.value())
                : usual;
    }

    static @Nullable String text(MqttProperties properties, int id) {
        return properties.getProperty(id) instanceof MqttProperties.StringProperty found
                ? found.value()
                : null;
    }

    static byte @Nullable [] bytes(MqttProperties properties, int id) {
        return properties.getProperty(id) instanceof MqttProperties.BinaryProperty found
                ? found.value()
                : null;
    }

    /// Whether a text has nothing that a UTF-8 encoded string should not have (section 1.5.4): no
    /// control characters, and no sign that bytes were none of UTF-8.
    static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)
                    || c == '\uFFFD'
                    || (Character.isSurrogate(c) && !isPair(text, i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPair(String text, int at) {
        char c = text.charAt(at);
        return Character.isHighSurrogate(c)
                ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    }

    /// The context of a topic.
    ///
    /// @throws Refused TOPIC_NAME_INVALID
    static Context requireTopic(String topic, Function<String, Context> contexts) {
        if (!isText(topic)) {
            throw new Refused(
                    ReasonCode.TOPIC_NAME_INVALID, "the topic has characters that no topic has");
        }
        try {
            return contexts.apply(topic);
        } catch (MillraceException e) {
            throw new Refused(ReasonCode.TOPIC_NAME_INVALID, String.valueOf(e.getMessage()));
        }
    }

    /// What of a PUBLISH or a will goes on to subscribers.
    static MessageProperties ofMessage(MqttProperties properties) {
        if (properties.isEmpty()) {
            return MessageProperties.NONE;
        }
        long format = number(properties, MqttProperties.PAYLOAD_FORMAT_INDICATOR, -1);
        if (format > 1) {
            throw new Refused(
                    ReasonCode.PROTOCOL_ERROR, "a payload format is 0 or 1, not " + format);
        }
        long expiry = number(properties, MqttProperties.PUBLICATION_EXPIRY_INTERVAL, -1);
        byte[] correlation = bytes(properties, MqttProperties.CORRELATION_DATA);
        return new MessageProperties(
                format < 0 ? null : (int) format,
                expiry < 0 ? null : expiry,
                text(properties, MqttProperties.CONTENT_TYPE),
                text(properties, MqttProperties.RESPONSE_TOPIC),
                correlation == null ? null : Bytes.wrap(correlation),
                userProperties(properties));
    }

    static List<UserProperty> userProperties(MqttProperties properties) {
        List<UserProperty> all = new ArrayList<>();
        for (MqttProperties.MqttProperty<?> each :
                properties.getProperties(MqttProperties.USER_PROPERTY)) {
            if (each instanceof MqttProperties.UserProperty user) {
                all.add(new UserProperty(user.value().key, user.value().value));
            }
        }
        return all;
    }
}

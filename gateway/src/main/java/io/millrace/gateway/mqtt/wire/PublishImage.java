package io.millrace.gateway.mqtt.wire;

import io.millrace.event.Bytes;
import io.millrace.gateway.mqtt.message.Message;
import io.millrace.gateway.mqtt.message.MessageProperties;
import io.millrace.gateway.mqtt.message.UserProperty;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A message in the bytes that all subscribers of one version and format get: encoded once, and
/// copied for each with what is its own. Immutable.
final class PublishImage {
    private static final byte[] NOTHING = new byte[0];

    private final byte[] topic;
    private final byte[] properties;
    private final Bytes payload;
    private final boolean isFive;

    PublishImage(Message message, boolean isFive) {
        this.topic = message.topic().getBytes(StandardCharsets.UTF_8);
        this.payload = message.payload();
        this.properties = isFive ? encode(message.properties()) : NOTHING;
        this.isFive = isFive;
    }

    byte[] topic() {
        return topic;
    }

    byte[] properties() {
        return properties;
    }

    Bytes payload() {
        return payload;
    }

    boolean isFive() {
        return isFive;
    }

    // What has none is this very object.
    @SuppressWarnings("ReferenceEquality")
    private static byte[] encode(MessageProperties said) {
        if (said == MessageProperties.NONE) {
            return NOTHING;
        }
        ByteBuf out = Unpooled.buffer(128);
        if (said.payloadFormat() != null) {
            out.writeByte(MqttProperties.PAYLOAD_FORMAT_INDICATOR).writeByte(said.payloadFormat());
        }
        if (said.expirySeconds() != null) {
            out.writeByte(MqttProperties.PUBLICATION_EXPIRY_INTERVAL)
                    .writeInt((int) said.expirySeconds().longValue());
        }
        text(out, MqttProperties.CONTENT_TYPE, said.contentType());
        text(out, MqttProperties.RESPONSE_TOPIC, said.responseTopic());
        Bytes correlation = said.correlationData();
        if (correlation != null) {
            out.writeByte(MqttProperties.CORRELATION_DATA).writeShort(correlation.length());
            out.writeBytes(correlation.toArray());
        }
        for (UserProperty each : said.userProperties()) {
            out.writeByte(MqttProperties.USER_PROPERTY);
            string(out, each.name());
            string(out, each.value());
        }
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    private static void text(ByteBuf out, int id, @Nullable String value) {
        if (value != null) {
            out.writeByte(id);
            string(out, value);
        }
    }

    private static void string(ByteBuf out, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length).writeBytes(bytes);
    }
}

package io.millrace.gateway.mqtt.wire;

import io.millrace.event.Bytes;
import io.millrace.gateway.mqtt.session.Outlet.Delivery;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttProperties;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes PUBLISH (MQTT 5.0, section 3.3) for one connection. Owned by its event loop.
final class PublishWriter {
    private static final int TYPE = 0x30;
    private static final int DUPLICATE = 0x08;
    private static final int RETAIN = 0x01;
    private static final int ALIAS_BYTES = 3;

    private final long packetBytesMax;
    private final int aliasesMax;

    /// Topics that have an alias; the first ones that come get them.
    private @Nullable Map<Topic, Integer> aliases;

    private record Topic(byte[] name) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Topic that && Arrays.equals(name, that.name);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(name);
        }
    }

    /// @param packetBytesMax the largest packet that the client takes
    /// @param aliasesMax how many topic aliases it takes
    PublishWriter(long packetBytesMax, int aliasesMax) {
        this.packetBytesMax = packetBytesMax;
        this.aliasesMax = aliasesMax;
    }

    /// @return false if the packet is larger than the client takes; nothing is written then
    boolean write(ByteBuf out, PublishImage image, Delivery delivery) {
        byte[] topic = image.topic();
        int alias = aliasesMax > 0 && image.isFive() ? alias(topic) : 0;
        boolean isNewAlias = alias > aliasCount();
        boolean isShort = alias > 0 && !isNewAlias;
        int properties =
                image.properties().length
                        + (alias > 0 ? ALIAS_BYTES : 0)
                        + subscriptionBytes(delivery);
        Bytes payload = image.payload();
        int remaining =
                2
                        + (isShort ? 0 : topic.length)
                        + (delivery.qos() > 0 ? 2 : 0)
                        + (image.isFive() ? varintSize(properties) + properties : 0)
                        + payload.length();
        if (1L + varintSize(remaining) + remaining > packetBytesMax) {
            return false;
        }
        if (isNewAlias) {
            remember(topic, alias);
        }
        out.ensureWritable(5 + remaining);
        out.writeByte(
                TYPE
                        | (delivery.isDuplicate() ? DUPLICATE : 0)
                        | (delivery.qos() << 1)
                        | (delivery.isRetained() ? RETAIN : 0));
        writeVarint(out, remaining);
        if (isShort) {
            out.writeShort(0);
        } else {
            out.writeShort(topic.length).writeBytes(topic);
        }
        if (delivery.qos() > 0) {
            out.writeShort(delivery.identifier());
        }
        if (image.isFive()) {
            writeVarint(out, properties);
            writeProperties(out, image, alias, delivery);
        }
        out.writeBytes(payload.backingArray(), payload.backingStart(), payload.length());
        return true;
    }

    private int aliasCount() {
        return aliases == null ? 0 : aliases.size();
    }

    /// The alias of a topic, or the one that it can have; 0 if there is none for it.
    private int alias(byte[] topic) {
        Integer known = aliases == null ? null : aliases.get(new Topic(topic));
        if (known != null) {
            return known;
        }
        return aliasCount() < aliasesMax ? aliasCount() + 1 : 0;
    }

    private void remember(byte[] topic, int alias) {
        Map<Topic, Integer> known = aliases == null ? new HashMap<>() : aliases;
        known.put(new Topic(topic), alias);
        aliases = known;
    }

    private static void writeProperties(
            ByteBuf out, PublishImage image, int alias, Delivery delivery) {
        out.writeBytes(image.properties());
        if (alias > 0) {
            out.writeByte(MqttProperties.TOPIC_ALIAS).writeShort(alias);
        }
        for (int i = 0; i < delivery.subscriptionCount(); i++) {
            out.writeByte(MqttProperties.SUBSCRIPTION_IDENTIFIER);
            writeVarint(out, delivery.subscriptions()[i]);
        }
    }

    private static int subscriptionBytes(Delivery delivery) {
        int bytes = 0;
        for (int i = 0; i < delivery.subscriptionCount(); i++) {
            bytes += 1 + varintSize(delivery.subscriptions()[i]);
        }
        return bytes;
    }

    private static int varintSize(int value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
    }

    private static void writeVarint(ByteBuf out, int value) {
        int rest = value;
        while (rest >= 0x80) {
            out.writeByte((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.writeByte(rest);
    }
}

package io.millrace.gateway.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.broker.Publication;
import io.millrace.event.Bytes;
import io.millrace.event.Context;
import io.millrace.gateway.mqtt.message.Message;
import io.millrace.gateway.mqtt.message.MessageFormat;
import io.millrace.gateway.mqtt.message.MessageProperties;
import io.millrace.gateway.mqtt.message.MessageReader;
import io.millrace.gateway.mqtt.message.ProtocolVersion;
import io.millrace.gateway.mqtt.message.UserProperty;
import io.millrace.gateway.mqtt.session.Outlet.Delivery;
import io.millrace.gateway.mqtt.wire.PublishEncoder;
import io.millrace.io.Clock;
import io.millrace.stream.StoredEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// PUBLISH as the server writes it, read by Netty's decoder.
final class EncodedPublishTest {
    private static final long NOW = 1_772_366_400_000L;
    private static final int COUNT = 3_000;
    private static final int[] BORDERS = {0, 127, 128, 16_383, 16_384};

    private final Random random = new Random(11);
    private final MessageReader reader = new MessageReader();
    private final PublishEncoder encoder = new PublishEncoder(MessageFormat.AUTO, new Stopped());
    private long offset;

    private static final class Stopped implements Clock {
        @Override
        public long epochMillis() {
            return NOW;
        }

        @Override
        public long nanoTime() {
            return 0;
        }
    }

    private static EmbeddedChannel decoder(boolean isFive) {
        EmbeddedChannel client = new EmbeddedChannel(MqttEncoder.INSTANCE);
        EmbeddedChannel channel = new EmbeddedChannel(new MqttDecoder(1 << 24, 65_535));
        client.writeOutbound(
                ClientPackets.connect(isFive, "c", true, MqttProperties.NO_PROPERTIES));
        channel.writeInbound((ByteBuf) client.readOutbound());
        Object first = channel.readInbound();
        assertThat(first).isInstanceOf(MqttConnectMessage.class);
        client.finishAndReleaseAll();
        return channel;
    }

    private static Connect connect(boolean isFive, long packetBytesMax, int aliasesMax) {
        return new Connect(
                isFive ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1,
                "c",
                false,
                true,
                0,
                false,
                0,
                false,
                10,
                packetBytesMax,
                aliasesMax,
                false,
                true,
                null,
                null,
                null,
                null,
                null);
    }

    private Message message(boolean isFive) {
        byte[] payload = new byte[size()];
        random.nextBytes(payload);
        if (payload.length > 0) {
            payload[0] = 1;
        }
        String topic = "t/" + random.nextInt(6) + (random.nextInt(5) == 0 ? "/öß€" : "");
        return new Message(
                topic,
                Bytes.wrap(payload),
                false,
                isFive && random.nextBoolean() ? properties() : MessageProperties.NONE);
    }

    /// Often so that the packet is about as long as one byte more of the length can tell.
    private int size() {
        int border = BORDERS[random.nextInt(BORDERS.length)];
        return Math.max(0, border - random.nextInt(30) + 5);
    }

    private MessageProperties properties() {
        List<UserProperty> pairs = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            pairs.add(new UserProperty("n" + random.nextInt(3), "v".repeat(random.nextInt(90))));
        }
        return new MessageProperties(
                perhaps(random.nextInt(2)),
                perhaps(1 + (random.nextLong() & 0xFFFF_FFFEL)),
                perhaps("text/" + random.nextInt(9)),
                perhaps("answers/" + random.nextInt(9)),
                perhaps(Bytes.utf8("c" + random.nextInt(1_000))),
                pairs);
    }

    private <T> @Nullable T perhaps(T value) {
        return random.nextBoolean() ? value : null;
    }

    private StoredEvent stored(Message message, boolean isFive) {
        Publication said =
                reader.read(
                        message,
                        isFive ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1,
                        "id" + offset,
                        NOW);
        return new StoredEvent(
                "s", 0, offset++, NOW, Context.of("/" + message.topic()), said.event());
    }

    /// @param isBare whether the message has no properties of its own
    private Delivery delivery(boolean isFive, boolean isBare) {
        Delivery how = new Delivery();
        how.qos = random.nextInt(3);
        how.isRetained = random.nextBoolean();
        how.isDuplicate = how.qos > 0 && random.nextBoolean();
        how.identifier = how.qos == 0 ? 0 : 1 + random.nextInt(65_535);
        for (int i = isFive ? random.nextInt(7) : 0; i > 0; i--) {
            int bits = 7 * (1 + random.nextInt(4)) - 1;
            // A last property of two bytes behind many others is lost on Netty, see
            // DecoderTest.
            how.addSubscription((isBare ? 1 : 128) + random.nextInt(1 << bits));
        }
        return how;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readByNetty(boolean isFive) {
        EmbeddedChannel channel = decoder(isFive);
        int aliasesMax = isFive ? 4 : 0;
        PublishEncoder.Recipient recipient =
                encoder.recipient(connect(isFive, Long.MAX_VALUE, aliasesMax));
        Map<Integer, String> aliases = new HashMap<>();
        for (int i = 0; i < COUNT; i++) {
            Message message = message(isFive);
            Delivery how = delivery(isFive, message.properties().equals(MessageProperties.NONE));
            ByteBuf out = Unpooled.buffer();
            assertThat(encoder.write(out, stored(message, isFive), how, recipient)).isTrue();
            channel.writeInbound(out);
            MqttPublishMessage read = channel.readInbound();
            assertThat(read.decoderResult().isSuccess()).isTrue();
            Object more = channel.readInbound();
            assertThat(more).isNull();
            compare(read, message, how, isFive, aliases);
            read.release();
        }
        assertThat(aliases).hasSize(aliasesMax);
        channel.finishAndReleaseAll();
    }

    private static void compare(
            MqttPublishMessage read,
            Message message,
            Delivery how,
            boolean isFive,
            Map<Integer, String> aliases) {
        MqttProperties properties = read.variableHeader().properties();
        String topic = read.variableHeader().topicName();
        int alias = isFive ? (int) Properties.number(properties, MqttProperties.TOPIC_ALIAS, 0) : 0;
        if (alias > 0 && !topic.isEmpty()) {
            assertThat(aliases.put(alias, topic)).isNull();
        }
        assertThat(topic.isEmpty() ? aliases.get(alias) : topic).isEqualTo(message.topic());
        assertThat(read.fixedHeader().qosLevel().value()).isEqualTo(how.qos);
        assertThat(read.fixedHeader().isDup()).isEqualTo(how.isDuplicate);
        assertThat(read.fixedHeader().isRetain()).isEqualTo(how.isRetained);
        if (how.qos > 0) {
            assertThat(read.variableHeader().packetId()).isEqualTo(how.identifier);
        }
        byte[] payload = new byte[read.payload().readableBytes()];
        read.payload().readBytes(payload);
        assertThat(payload).isEqualTo(message.payload().toArray());
        if (isFive) {
            assertThat(Properties.ofMessage(properties)).isEqualTo(message.properties());
            int[] expected = java.util.Arrays.copyOf(how.subscriptions, how.subscriptionCount);
            int[] found =
                    properties.getProperties(MqttProperties.SUBSCRIPTION_IDENTIFIER).stream()
                            .mapToInt(each -> (Integer) each.value())
                            .toArray();
            assertThat(found).containsExactly(expected);
        }
    }

    /// What is larger than the client takes leaves no trace: neither bytes nor an alias.
    @Test
    void largestPacket() {
        for (int i = 0; i < 300; i++) {
            Message message = message(true);
            StoredEvent event = stored(message, true);
            Delivery how = delivery(true, true);
            ByteBuf out = Unpooled.buffer();
            assertThat(
                            encoder.write(
                                    out,
                                    event,
                                    how,
                                    encoder.recipient(connect(true, Long.MAX_VALUE, 4))))
                    .isTrue();
            int size = out.readableBytes();
            assertThat(
                            encoder.write(
                                    out.clear(),
                                    event,
                                    how,
                                    encoder.recipient(connect(true, size, 4))))
                    .isTrue();
            PublishEncoder.Recipient tight = encoder.recipient(connect(true, size - 1, 4));
            assertThat(encoder.write(out.clear(), event, how, tight)).isFalse();
            assertThat(out.isReadable()).isFalse();
            Message small =
                    new Message(message.topic(), Bytes.EMPTY, false, MessageProperties.NONE);
            Delivery plain = new Delivery();
            if (encoder.write(out, stored(small, true), plain, tight)) {
                assertThat(out.getUnsignedShort(2)).as("the topic is whole").isPositive();
            }
            out.release();
        }
    }
}

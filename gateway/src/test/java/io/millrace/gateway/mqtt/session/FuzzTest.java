package io.millrace.gateway.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.security.Principal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Bytes that are nearly packets, through Netty's decoder into a conversation: nothing throws,
/// nothing of them is kept, and what is no packet ends the connection. `-Dmqtt.fuzz.from=` and
/// `-Dmqtt.fuzz.count=` choose the seeds.
final class FuzzTest {
    private static final int PACKET_BYTES_MAX = 1 << 16;

    private final EmbeddedChannel encoder5 = encoder(true);
    private final EmbeddedChannel encoder3 = encoder(false);

    private static EmbeddedChannel encoder(boolean isFive) {
        EmbeddedChannel channel = new EmbeddedChannel(MqttEncoder.INSTANCE);
        // From here on it writes that version.
        channel.writeOutbound(
                ClientPackets.connect(isFive, "c", true, MqttProperties.NO_PROPERTIES));
        ReferenceCountUtil.release(channel.readOutbound());
        return channel;
    }

    /// The end of a pipeline: a conversation, as a connection has it.
    private static final class End extends ChannelInboundHandlerAdapter {
        final Desk desk;
        final List<ByteBuf> payloads = new ArrayList<>();
        boolean isMalformed;
        boolean wasOpen;

        End(boolean isFive) {
            desk = new Desk(isFive, 0, Duration.ZERO, Authentication.none(Principal.LOCAL));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            MqttMessage packet = (MqttMessage) message;
            if (packet instanceof MqttPublishMessage publish) {
                payloads.add(publish.content());
            }
            if (packet.decoderResult().isSuccess()) {
                desk.read(packet);
            } else {
                isMalformed = true;
                ReferenceCountUtil.release(packet);
                desk.conversation.malformed(false, "malformed");
            }
        }
    }

    private byte[] bytes(boolean isFive, MqttMessage packet) {
        EmbeddedChannel channel = isFive ? encoder5 : encoder3;
        channel.writeOutbound(packet);
        ByteBuf out = channel.readOutbound();
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        out.release();
        return bytes;
    }

    private static MqttProperties properties(boolean isFive, Random random) {
        MqttProperties all = new MqttProperties();
        if (!isFive) {
            return all;
        }
        if (random.nextBoolean()) {
            all.add(new MqttProperties.UserProperty("n", "v".repeat(random.nextInt(200))));
        }
        if (random.nextBoolean()) {
            all.add(
                    new MqttProperties.IntegerProperty(
                            MqttProperties.TOPIC_ALIAS, random.nextInt(8)));
        }
        if (random.nextBoolean()) {
            all.add(
                    new MqttProperties.IntegerProperty(
                            MqttProperties.PAYLOAD_FORMAT_INDICATOR, random.nextInt(3)));
        }
        return all;
    }

    private byte[] packet(boolean isFive, Random random) {
        int identifier = 1 + random.nextInt(5);
        MqttMessage packet =
                switch (random.nextInt(12)) {
                    case 0, 1, 2 ->
                            ClientPackets.publish(
                                    "t/" + random.nextInt(4),
                                    random.nextInt(3),
                                    identifier,
                                    "x".repeat(random.nextInt(300)),
                                    properties(isFive, random));
                    case 3 -> ClientPackets.reply(MqttMessageType.PUBACK, identifier, 0);
                    case 4 -> ClientPackets.reply(MqttMessageType.PUBREC, identifier, 0x80);
                    case 5 -> ClientPackets.reply(MqttMessageType.PUBREL, identifier, 0);
                    case 6 -> ClientPackets.reply(MqttMessageType.PUBCOMP, identifier, 0x92);
                    case 7 -> ClientPackets.subscribe(identifier, "a/+/#", 2);
                    case 8 -> ClientPackets.unsubscribe(identifier, "a/+/#");
                    case 9 -> ClientPackets.ping();
                    case 10 ->
                            isFive
                                    ? ClientPackets.authenticate(0x19, "m", new byte[] {1})
                                    : ClientPackets.ping();
                    default ->
                            ClientPackets.disconnect(isFive, 4, MqttProperties.NO_PROPERTIES);
                };
        return bytes(isFive, packet);
    }

    private byte[] connect(boolean isFive, Random random) {
        MqttProperties properties =
                isFive && random.nextBoolean()
                        ? ClientPackets.numbers(
                                MqttProperties.SESSION_EXPIRY_INTERVAL,
                                random.nextInt(),
                                MqttProperties.RECEIVE_MAXIMUM,
                                random.nextInt(70_000))
                        : MqttProperties.NO_PROPERTIES;
        String will = random.nextBoolean() ? "will/x" : null;
        return bytes(
                isFive,
                ClientPackets.connect(
                        isFive,
                        "c",
                        random.nextBoolean(),
                        random.nextInt(100),
                        will,
                        MqttProperties.NO_PROPERTIES,
                        properties));
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] all = bytes.clone();
        for (int i = random.nextInt(3); i >= 0 && all.length > 0; i--) {
            int at = random.nextInt(Math.min(all.length, random.nextBoolean() ? 16 : all.length));
            switch (random.nextInt(4)) {
                case 0 -> all[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> all[at] = (byte) random.nextInt();
                case 2 -> all = java.util.Arrays.copyOf(all, at);
                default -> all = java.util.Arrays.copyOf(all, all.length + random.nextInt(20));
            }
        }
        return all;
    }

    @Test
    void mutatedPackets() {
        long from = Long.getLong("mqtt.fuzz.from", 0);
        long count = Long.getLong("mqtt.fuzz.count", 25_000);
        int malformed = 0;
        int open = 0;
        for (long seed = from; seed < from + count; seed++) {
            try {
                End end = run(seed);
                malformed += end.isMalformed ? 1 : 0;
                open += end.wasOpen ? 1 : 0;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Dmqtt.fuzz.from=%d -Dmqtt.fuzz.count=1".formatted(seed), e);
            }
        }
        // Otherwise it tests nothing.
        if (count > 1_000) {
            assertThat(malformed).as("malformed").isGreaterThan((int) count / 20);
            assertThat(open).as("open").isGreaterThan((int) count / 20);
        }
    }

    /// Four mutated packets behind a CONNECT that is whole, or is mutated too.
    private End run(long seed) {
        Random random = new Random(seed * 31 + 7);
        boolean isFive = random.nextBoolean();
        End end = new End(isFive);
        EmbeddedChannel channel = new EmbeddedChannel(new MqttDecoder(PACKET_BYTES_MAX, 65_535), end);
        List<byte[]> packets = new ArrayList<>();
        byte[] connect = connect(isFive, random);
        packets.add(random.nextInt(4) == 0 ? mutated(connect, random) : connect);
        for (int i = 0; i < 4; i++) {
            byte[] packet = packet(isFive, random);
            packets.add(random.nextInt(5) == 0 ? packet : mutated(packet, random));
        }
        List<ByteBuf> sources = new ArrayList<>();
        for (byte[] each : packets) {
            if (each.length == 0) {
                continue;
            }
            ByteBuf source = Unpooled.wrappedBuffer(each);
            sources.add(source);
            channel.writeInbound(source);
        }
        channel.checkException();
        assertThat(end.desk.conversation.isOpen() && end.isMalformed).isFalse();
        assertThat(end.desk.isClosed || !end.isMalformed).isTrue();
        end.wasOpen = end.desk.conversation.isOpen();
        end.desk.conversation.tick(0);
        channel.finishAndReleaseAll();
        end.desk.conversation.gone();
        assertThat(end.payloads).allMatch(each -> each.refCnt() == 0);
        assertThat(sources).allMatch(each -> each.refCnt() == 0);
        ClientSession session = end.desk.conversation.session();
        assertThat(session == null || session.received().all().size() <= 100).isTrue();
        return end;
    }
}

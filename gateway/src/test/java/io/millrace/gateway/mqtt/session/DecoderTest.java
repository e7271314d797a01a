package io.millrace.gateway.mqtt.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Netty's decoder lets through, and what it does wrong.
final class DecoderTest {
    private final EmbeddedChannel encoder = new EmbeddedChannel(MqttEncoder.INSTANCE);
    private final EmbeddedChannel decoder = new EmbeddedChannel(new MqttDecoder(1 << 20, 65_535));

    private MqttMessage read(MqttMessage packet) {
        encoder.writeOutbound(packet);
        return read((ByteBuf) encoder.readOutbound());
    }

    private MqttMessage read(ByteBuf bytes) {
        decoder.writeInbound(bytes);
        return decoder.readInbound();
    }

    private void connect(boolean isFive) {
        assertThat(
                        read(ClientPackets.connect(isFive, "c", true, MqttProperties.NO_PROPERTIES))
                                .decoderResult()
                                .isSuccess())
                .isTrue();
    }

    /// Section 2.1.3: flags that are reserved.
    @ParameterizedTest
    @CsvSource({"60,0001", "80,00010000026100", "A0,0001000161", "36,0001610001", "C1,''", "E1,''"})
    void reservedFlags(String type, String rest) {
        connect(false);
        byte[] body = java.util.HexFormat.of().parseHex(rest);
        byte[] head = java.util.HexFormat.of().parseHex(type);
        MqttMessage read =
                read(Unpooled.wrappedBuffer(head, new byte[] {(byte) body.length}, body));
        assertThat(read.decoderResult().isFailure()).isTrue();
    }

    /// Up to 4.2.18, Netty took the length of the properties for a part of them, passed over a last
    /// property as short as that length, and began the payload with its bytes.
    @Test
    void shortPropertyBehindManyOthers() {
        connect(true);
        ByteBuf bytes = Unpooled.buffer();
        bytes.writeByte(0x30).writeByte(0x91).writeByte(1);
        bytes.writeShort(1).writeByte('t');
        bytes.writeByte(0x87).writeByte(1);
        bytes.writeByte(MqttProperties.CONTENT_TYPE)
                .writeShort(130)
                .writeBytes("x".repeat(130).getBytes(StandardCharsets.UTF_8));
        bytes.writeByte(MqttProperties.PAYLOAD_FORMAT_INDICATOR).writeByte(1);
        bytes.writeCharSequence("hello", StandardCharsets.UTF_8);
        MqttPublishMessage read = (MqttPublishMessage) read(bytes);
        assertThat(read.payload().toString(StandardCharsets.UTF_8)).isEqualTo("hello");
        read.release();
    }
}

package io.millrace.bench.mqtt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Packets of MQTT 3.1.1 as bytes, made once.
final class Packets {
    static final int PUBLISH = 3;
    static final int PUBACK = 4;
    static final int SUBACK = 9;
    static final int CONNACK_BYTES = 4;
    static final int SUBACK_BYTES = 5;
    static final byte[] DISCONNECT = {(byte) 0xE0, 0};

    private static final int QOS_SHIFT = 1;
    private static final int MORE = 0x80;
    private static final int BITS = 7;

    private Packets() {}

    /// Without keep-alive.
    static ByteBuffer connect(String clientId, boolean clean) {
        byte[] id = text(clientId);
        ByteBuffer packet = ByteBuffer.allocate(id.length + 24);
        packet.put((byte) 0x10);
        length(packet, 10 + 2 + id.length);
        string(packet, text("MQTT"));
        packet.put((byte) 4).put((byte) (clean ? 2 : 0)).putShort((short) 0);
        string(packet, id);
        return packet.flip();
    }

    /// With packet id 1.
    static ByteBuffer subscribe(String filter, int qos) {
        byte[] bytes = text(filter);
        ByteBuffer packet = ByteBuffer.allocate(bytes.length + 12);
        packet.put((byte) 0x82);
        length(packet, 2 + 2 + bytes.length + 1);
        packet.putShort((short) 1);
        string(packet, bytes);
        packet.put((byte) qos);
        return packet.flip();
    }

    /// A publish to fill in: its payload has room for a number and a time, and then letters.
    ///
    /// @param bytes the whole packet
    /// @param idAt where its packet id is; 0 if it has none
    /// @param payloadAt where its payload begins
    record Publish(byte[] bytes, int idAt, int payloadAt) {
        static Publish of(String topic, int qos, boolean retain, int payloadBytes) {
            byte[] name = text(topic);
            int rest = 2 + name.length + (qos > 0 ? 2 : 0) + payloadBytes;
            ByteBuffer packet = ByteBuffer.allocate(rest + 5);
            packet.put((byte) (PUBLISH << 4 | qos << QOS_SHIFT | (retain ? 1 : 0)));
            length(packet, rest);
            string(packet, name);
            int idAt = 0;
            if (qos > 0) {
                idAt = packet.position();
                packet.putShort((short) 0);
            }
            int payloadAt = packet.position();
            for (int i = 0; i < payloadBytes; i++) {
                packet.put((byte) ('a' + i % 26));
            }
            byte[] bytes = new byte[packet.position()];
            packet.flip().get(bytes);
            return new Publish(bytes, idAt, payloadAt);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void string(ByteBuffer packet, byte[] bytes) {
        packet.putShort((short) bytes.length).put(bytes);
    }

    private static void length(ByteBuffer packet, int length) {
        int left = length;
        while (left >= MORE) {
            packet.put((byte) (left | MORE));
            left >>= BITS;
        }
        packet.put((byte) left);
    }
}

package io.millrace.gateway.mqtt.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A message that the server sent.
///
/// @param identifier 0 with QoS 0
/// @param subscriptions the identifiers of the subscriptions that it is for
public record Delivery(
        String topic,
        String payload,
        int qos,
        boolean isDuplicate,
        boolean isRetained,
        int identifier,
        List<Integer> subscriptions) {
    private static final int SUBSCRIPTION = 0x0B;

    public static Delivery of(Frame publish, boolean isFive) {
        ByteBuffer in = ByteBuffer.wrap(publish.body());
        int qos = publish.flags() >> 1 & 3;
        String topic = text(in);
        int identifier = qos == 0 ? 0 : in.getShort() & 0xFFFF;
        List<Integer> subscriptions = isFive ? subscriptions(in) : List.of();
        byte[] payload = new byte[in.remaining()];
        in.get(payload);
        return new Delivery(
                topic,
                new String(payload, StandardCharsets.UTF_8),
                qos,
                (publish.flags() & 8) != 0,
                (publish.flags() & 1) != 0,
                identifier,
                subscriptions);
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[in.getShort() & 0xFFFF];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int variable(ByteBuffer in) {
        int value = 0;
        int shift = 0;
        int next;
        do {
            next = in.get();
            value |= (next & 0x7F) << shift;
            shift += 7;
        } while ((next & 0x80) != 0);
        return value;
    }

    private static List<Integer> subscriptions(ByteBuffer in) {
        List<Integer> all = new ArrayList<>(1);
        int length = variable(in);
        int end = in.position() + length;
        while (in.position() < end) {
            switch (in.get()) {
                case SUBSCRIPTION -> all.add(variable(in));
                case 0x01 -> in.get();
                case 0x02 -> in.getInt();
                case 0x03, 0x08, 0x09 -> text(in);
                case 0x23 -> in.getShort();
                case 0x26 -> {
                    text(in);
                    text(in);
                }
                default -> throw new AssertionError("a property that PUBLISH does not have");
            }
        }
        return all;
    }
}

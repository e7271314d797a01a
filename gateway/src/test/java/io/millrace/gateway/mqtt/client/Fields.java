package io.millrace.gateway.mqtt.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes what packets consist of (MQTT 5.0, section 1.5).
public final class Fields {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public Fields one(int value) {
        out.write(value);
        return this;
    }

    public Fields two(int value) {
        return one(value >> 8).one(value);
    }

    public Fields four(long value) {
        return two((int) (value >> 16)).two((int) value);
    }

    Fields variable(int value) {
        int left = value;
        while (left >= 0x80) {
            one(left & 0x7F | 0x80);
            left >>= 7;
        }
        return one(left);
    }

    public Fields raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public Fields binary(byte[] bytes) {
        return two(bytes.length).raw(bytes);
    }

    public Fields text(String text) {
        return binary(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Properties with their length before them.
    public Fields properties(Fields properties) {
        byte[] bytes = properties.bytes();
        return variable(bytes.length).raw(bytes);
    }

    public byte[] bytes() {
        return out.toByteArray();
    }
}

package io.millrace.gateway.mqtt.client;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What a client says when it connects.
///
/// @param windowMax its Receive Maximum; 0 to say nothing
public record Hello(
        String clientId,
        boolean isFive,
        boolean isClean,
        long expirySeconds,
        int windowMax,
        @Nullable LastWill will) {
    private static final int EXPIRY = 0x11;
    private static final int RECEIVE_MAXIMUM = 0x21;
    private static final int WILL_DELAY = 0x18;

    /// Its last will.
    public record LastWill(
            String topic, String payload, int qos, boolean isRetained, long delaySeconds) {}

    /// A session that ends with its connection.
    public static Hello once(String clientId) {
        return new Hello(clientId, true, true, 0, 0, null);
    }

    /// A session that goes on where it was.
    public static Hello durable(String clientId, long expirySeconds) {
        return new Hello(clientId, true, false, expirySeconds, 0, null);
    }

    public Hello clean() {
        return new Hello(clientId, isFive, true, expirySeconds, windowMax, will);
    }

    public Hello window(int max) {
        return new Hello(clientId, isFive, isClean, expirySeconds, max, will);
    }

    public Hello will(LastWill message) {
        return new Hello(clientId, isFive, isClean, expirySeconds, windowMax, message);
    }

    /// The same over MQTT 3.1.1, which knows only sessions that never end and those that end at
    /// once.
    public Hello old() {
        return new Hello(clientId, false, isClean, expirySeconds, 0, will);
    }

    Frame frame() {
        int flags = isClean ? 2 : 0;
        if (will != null) {
            flags |= 4 | will.qos << 3 | (will.isRetained ? 0x20 : 0);
        }
        Fields fields = new Fields().text("MQTT").one(isFive ? 5 : 4).one(flags).two(0);
        if (isFive) {
            Fields properties = new Fields();
            if (expirySeconds > 0) {
                properties.one(EXPIRY).four(expirySeconds);
            }
            if (windowMax > 0) {
                properties.one(RECEIVE_MAXIMUM).two(windowMax);
            }
            fields.properties(properties);
        }
        fields.text(clientId);
        if (will != null) {
            if (isFive) {
                Fields properties = new Fields();
                if (will.delaySeconds > 0) {
                    properties.one(WILL_DELAY).four(will.delaySeconds);
                }
                fields.properties(properties);
            }
            fields.text(will.topic).binary(will.payload.getBytes(StandardCharsets.UTF_8));
        }
        return new Frame(Frame.CONNECT, 0, fields.bytes());
    }
}

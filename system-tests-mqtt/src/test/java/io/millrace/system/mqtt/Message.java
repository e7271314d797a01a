package io.millrace.system.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message as a client publishes or gets it.
///
/// @param retain what it was published with, or whether it comes because it was retained
/// @param properties of MQTT 5.0; nothing on 3.1.1
record Message(String topic, byte[] payload, int qos, boolean retain, Properties properties) {
    static Message of(String topic, String payload) {
        return of(topic, payload.getBytes(StandardCharsets.UTF_8));
    }

    /// With QoS 1.
    static Message of(String topic, byte[] payload) {
        return new Message(topic, payload, 1, false, Properties.NONE);
    }

    Message qos(int other) {
        return new Message(topic, payload, other, retain, properties);
    }

    Message retained() {
        return new Message(topic, payload, qos, true, properties);
    }

    Message with(Properties other) {
        return new Message(topic, payload, qos, retain, other);
    }

    String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }

    /// What MQTT 5.0 lets a publisher say besides.
    ///
    /// @param expirySeconds how long the message is good for
    /// @param user properties in their order; a name may come several times
    record Properties(
            @Nullable String contentType,
            @Nullable String responseTopic,
            byte @Nullable [] correlation,
            @Nullable Long expirySeconds,
            List<Pair> user) {
        static final Properties NONE = new Properties(null, null, null, null, List.of());

        static Properties expiring(long seconds) {
            return new Properties(null, null, null, seconds, List.of());
        }
    }

    /// A user property.
    record Pair(String name, String value) {}
}

package io.millrace.example.building41;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/// Signals and states as MQTT messages.
final class MqttBinding {
    static final int AT_LEAST_ONCE = 1;

    private MqttBinding() {}

    /// A context's topic: the same without its first slash.
    static String topic(String context) {
        return context.substring(1);
    }

    /// The signal as a CloudEvent in the binary mode of the MQTT 5 binding: attributes are user
    /// properties, the data is the payload. It is retained, as each signal tells the whole state of
    /// its sensor.
    static MqttMessage message(Signal signal) {
        MqttProperties properties = text("application/json");
        properties.setUserProperties(
                List.of(
                        new UserProperty("specversion", "1.0"),
                        new UserProperty("id", signal.id()),
                        new UserProperty("source", signal.context()),
                        new UserProperty("type", signal.type()),
                        new UserProperty("subject", signal.subject()),
                        new UserProperty("time", signal.time().toString())));
        return retained(signal.data(), properties);
    }

    /// A word on how a controller is doing, as text, which any client can read.
    static MqttMessage status(String word) {
        return retained(word, text("text/plain"));
    }

    private static MqttProperties text(String contentType) {
        MqttProperties properties = new MqttProperties();
        properties.setContentType(contentType);
        properties.setPayloadFormat(true);
        return properties;
    }

    private static MqttMessage retained(String payload, MqttProperties properties) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return new MqttMessage(bytes, AT_LEAST_ONCE, true, properties);
    }
}

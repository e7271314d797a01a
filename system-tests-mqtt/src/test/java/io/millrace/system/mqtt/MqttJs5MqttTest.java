package io.millrace.system.mqtt;

import java.io.IOException;
import java.nio.file.Path;

/// MQTT.js with MQTT 5.0.
final class MqttJs5MqttTest extends Mqtt5ClientContract {
    @Override
    TestClient client(Path folder) throws IOException {
        return Installed.mqttJs(5);
    }
}

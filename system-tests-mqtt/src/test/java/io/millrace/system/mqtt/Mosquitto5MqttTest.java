package io.millrace.system.mqtt;

import java.nio.file.Path;

/// The commands of mosquitto with MQTT 5.0.
final class Mosquitto5MqttTest extends Mqtt5ClientContract {
    @Override
    TestClient client(Path folder) {
        return Installed.mosquitto(5, folder);
    }
}

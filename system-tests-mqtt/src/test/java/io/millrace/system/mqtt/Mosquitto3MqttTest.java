package io.millrace.system.mqtt;

import java.nio.file.Path;

/// The commands of mosquitto with MQTT 3.1.1.
final class Mosquitto3MqttTest extends MqttClientContract {
    @Override
    TestClient client(Path folder) {
        return Installed.mosquitto(3, folder);
    }
}

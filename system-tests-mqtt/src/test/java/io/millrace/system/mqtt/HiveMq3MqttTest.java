package io.millrace.system.mqtt;

import java.nio.file.Path;

/// HiveMQ's client with MQTT 3.1.1.
final class HiveMq3MqttTest extends MqttClientContract {
    @Override
    TestClient client(Path folder) {
        return new HiveMq3Client();
    }
}

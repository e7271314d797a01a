package io.millrace.system.mqtt;

import java.nio.file.Path;

/// HiveMQ's client with MQTT 5.0.
final class HiveMq5MqttTest extends Mqtt5ClientContract {
    @Override
    TestClient client(Path folder) {
        return new HiveMq5Client();
    }
}

package io.millrace.system.mqtt;

import java.io.IOException;
import java.nio.file.Path;

/// Eclipse Paho for Python with MQTT 5.0.
final class PahoPython5MqttTest extends Mqtt5ClientContract {
    @Override
    TestClient client(Path folder) throws IOException, InterruptedException {
        return Installed.pahoPython(5);
    }
}

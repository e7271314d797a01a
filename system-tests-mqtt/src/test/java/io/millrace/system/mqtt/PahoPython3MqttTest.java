package io.millrace.system.mqtt;

import java.io.IOException;
import java.nio.file.Path;

/// Eclipse Paho for Python with MQTT 3.1.1.
final class PahoPython3MqttTest extends MqttClientContract {
    @Override
    TestClient client(Path folder) throws IOException, InterruptedException {
        return Installed.pahoPython(3);
    }
}
